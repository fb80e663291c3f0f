import { basename } from 'node:path'
import { CommandError } from '../cli/command-error.ts'
import { columnsOf, type Mapping } from './mapping.ts'
import { openTable } from './open-table.ts'
import type { SourceFile, Table } from './rows.ts'

/** An opened file of a source. */
export interface OpenedFile {
  readonly file: SourceFile
  readonly table: Table
}

/**
 * Opens the files and finds each one's source by its name. Throws CommandError when a file belongs to no source or to
 * several, a source has no file, or a file lacks a column that the mapping reads.
 */
export async function matchFiles(mapping: Mapping, paths: readonly string[]): Promise<readonly OpenedFile[]> {
  const wanted = columnsOf(mapping)
  const opened = await Promise.all(
    paths.map(async (path): Promise<OpenedFile> => {
      const source = sourceOf(mapping, path)
      const table = await openTable(path)
      const name = basename(path)
      for (const column of wanted.get(source) ?? []) checkColumn(name, table.columns, column)
      return { table, file: { name, source, columns: new Map(table.columns.map((column, i) => [column, i])) } }
    })
  )
  for (const [source, pattern] of mapping.sources) {
    if (opened.some(({ file }) => file.source === source)) continue
    throw new CommandError(
      `no file for source "${source}": add one named ${pattern}, or take the source out of the mapping`
    )
  }
  return opened
}

function sourceOf({ sources }: Mapping, path: string): string {
  const name = basename(path)
  const matching = [...sources].filter(([, pattern]) => toRegExp(pattern).test(name)).map(([source]) => source)
  const [source] = matching
  if (source !== undefined && matching.length === 1) return source
  const patterns = [...sources.values()].join(', ')
  if (source === undefined)
    throw new CommandError(`${name} belongs to no source of the mapping: its patterns are ${patterns}`)
  throw new CommandError(`${name} belongs to ${matching.join(' and ')}: make the patterns of the mapping narrower`)
}

/** `*` stands for any characters. */
function toRegExp(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`)
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
}

function checkColumn(name: string, columns: readonly string[], column: string): void {
  const times = columns.filter(one => one === column).length
  if (times === 1) return
  const has = columns.length > 20 ? `${columns.slice(0, 20).join(', ')}, …` : columns.join(', ')
  if (times === 0)
    throw new CommandError(`${name} has no column "${column}", which the mapping reads: its columns are ${has}`)
  throw new CommandError(`${name} has ${times} columns "${column}", which the mapping reads: give them different names`)
}
