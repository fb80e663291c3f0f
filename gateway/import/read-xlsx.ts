import { basename } from 'node:path'
import { readSheet } from 'read-excel-file/node'
import { CommandError } from '../cli/command-error.ts'
import type { Cell, Table } from './rows.ts'

/** The first sheet of a workbook; its first row names the columns. A workbook is read as a whole. */
export async function openXlsx(path: string): Promise<Table> {
  const sheet = await readSheet(path).catch(() => {
    throw new CommandError(`${basename(path)} cannot be read as XLSX: save it again as a workbook, or as CSV`)
  })
  const [header, ...rows] = sheet.map(row => row.map(cell))
  if (!header) throw new CommandError(`${basename(path)} is empty: its first row needs the names of its columns`)
  return {
    columns: header.map(name => String(name).trim()),
    async *rows() {
      for (const [i, cells] of rows.entries()) {
        if (cells.some(value => value !== '')) yield { line: i + 2, cells, problem: null }
      }
    }
  }
}

function cell(value: unknown): Cell {
  // A sheet's date is a fraction of a day, which can be a millisecond off the time it means.
  if (value instanceof Date) return new Date(Math.round(value.getTime() / 10) * 10)
  return value === null || value === undefined ? '' : String(value)
}
