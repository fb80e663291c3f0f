import { access } from 'node:fs/promises'
import { extname } from 'node:path'
import { CommandError } from '../cli/command-error.ts'
import { openCsv } from './read-csv.ts'
import { openJsonLines } from './read-json-lines.ts'
import { openXlsx } from './read-xlsx.ts'
import type { Table } from './rows.ts'

type Open = (path: string) => Promise<Table>

const csv: Open = path => openCsv(path, ',')
const tsv: Open = path => openCsv(path, '\t')

const FORMATS: Readonly<Record<string, Open>> = {
  '.csv': csv,
  '.tsv': tsv,
  '.jsonl': openJsonLines,
  '.ndjson': openJsonLines,
  '.xlsx': openXlsx
}

/** Opens a file by the ending of its name. Throws CommandError for a file that is not there or of no known format. */
export async function openTable(path: string): Promise<Table> {
  const open = FORMATS[extname(path).toLowerCase()]
  if (!open) throw new CommandError(`${path} has no known format: name it ${Object.keys(FORMATS).join(', ')}`)
  await access(path).catch(() => {
    throw new CommandError(`${path} cannot be read: check its name and its rights`)
  })
  return open(path)
}
