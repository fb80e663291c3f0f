import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { CommandError } from '../cli/command-error.ts'
import type { Table, TableRow } from './rows.ts'

/** A table of one JSON object a line; its columns are all the keys that occur. */
export async function openJsonLines(path: string): Promise<Table> {
  const columns = new Set<string>()
  for await (const { object } of objects(path)) for (const key of Object.keys(object ?? {})) columns.add(key)
  if (columns.size === 0) throw new CommandError(`${basename(path)} has no JSON object: it needs one on each line`)
  return { columns: [...columns], rows: () => readRows(path, [...columns]) }
}

async function* readRows(path: string, columns: readonly string[]): AsyncGenerator<TableRow> {
  for await (const { line, text, object } of objects(path)) {
    if (object) yield { line, cells: columns.map(column => cell(object[column])), problem: null }
    else yield { line, cells: [text], problem: 'is not a JSON object' }
  }
}

async function* objects(path: string) {
  let line = 0
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    const json = text.replace(/^\ufeff/, '').trim()
    if (json !== '') yield { line, text, object: parseObject(json) }
  }
}

function parseObject(json: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
