import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { parse } from 'csv-parse'
import { CommandError } from '../cli/command-error.ts'
import type { Table, TableRow } from './rows.ts'

const NEWLINE = 10

interface RawRecord {
  readonly line: number
  readonly cells: readonly string[]
  /** Where the line starts that cannot be read; null when the record is sound. */
  readonly badFrom: number | null
}

/** A table of delimited text with a header line, in UTF-8. */
export async function openCsv(path: string, delimiter: ',' | '\t'): Promise<Table> {
  const name = basename(path)
  const header = await firstRecord(path, delimiter)
  if (!header) throw new CommandError(`${name} is empty: it needs a header line with the names of its columns`)
  const columns = header.cells.map(cell => cell.trim())
  return { columns, rows: () => readRows(path, delimiter, columns.length) }
}

async function firstRecord(path: string, delimiter: string): Promise<RawRecord | null> {
  for await (const record of records(path, delimiter)) return record
  return null
}

async function* readRows(path: string, delimiter: string, width: number): AsyncGenerator<TableRow> {
  let header = true
  let last: TableRow | null = null
  for await (const { line, cells, badFrom } of records(path, delimiter)) {
    if (header) {
      header = false
      continue
    }
    const extra = cells.slice(width).some(cell => cell !== '')
    const count = cells.length < width || extra ? `has ${cells.length} columns instead of ${width}` : null
    last = {
      line,
      cells,
      problem: badFrom === null ? count : 'a quote stands in the middle of a value; double it or quote the whole value'
    }
    yield last
  }
  if (last && last.cells.length < width && !(await endsWithNewline(path))) {
    throw new CommandError(
      `${basename(path)} ends in the middle of line ${last.line}: it is cut off; get the whole file and import again`
    )
  }
}

/**
 * Records of a file. A stray quote makes a parser take the following lines for one value, so after such a line reading
 * starts afresh at the next one: nothing that follows is lost with it.
 */
async function* records(path: string, delimiter: string): AsyncGenerator<RawRecord> {
  for (let start = 0, before = 0; ; ) {
    // Set while the parser runs ahead of this loop: `records` is how many sound ones come before the failure.
    const failures: { readonly code: string; readonly records: number }[] = []
    const parser = parse({
      delimiter,
      bom: start === 0,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: error => {
        failures.push({ code: error?.code ?? 'CSV_UNREADABLE', records: Number(error?.['records']) })
        return undefined
      }
    })
    const input = createReadStream(path, { start })
    input.on('error', error => parser.destroy(error))
    input.pipe(parser)
    let end = start
    let lines = 0
    // The parser counts a CRLF within quotes as two lines.
    let doubled = 0
    try {
      for await (const { record, info } of parser as AsyncIterable<ParsedRecord>) {
        // What follows a failure is out of step.
        if (failures[0] && info.records > failures[0].records) break
        doubled += record.reduce((sum, cell) => sum + cell.split('\r\n').length - 1, 0)
        end = start + info.bytes
        lines = info.lines - doubled
        yield { line: before + lines, cells: record, badFrom: null }
        if (failures[0]?.records === info.records) break
      }
    } finally {
      input.destroy()
    }
    const [failure] = failures
    if (!failure) return
    const bad = await lineFrom(path, end)
    const line = before + lines + bad.skipped + 1
    if (failure.code === 'CSV_QUOTE_NOT_CLOSED') {
      throw new CommandError(
        `${basename(path)} line ${line}: a quote is opened and never closed, so the file is cut off or damaged; get the whole file and import again`
      )
    }
    yield { line, cells: [bad.text], badFrom: end }
    start = bad.next
    before = line
  }
}

interface ParsedRecord {
  readonly record: readonly string[]
  readonly info: { readonly bytes: number; readonly lines: number; readonly records: number }
}

/** The first line with anything in it from a byte on, how many empty ones come before it, and where the next one starts. */
async function lineFrom(path: string, start: number): Promise<{ text: string; skipped: number; next: number }> {
  let bytes = Buffer.alloc(0)
  let skipped = 0
  let from = 0
  for await (const chunk of createReadStream(path, { start }) as AsyncIterable<Buffer>) {
    bytes = Buffer.concat([bytes, chunk])
    for (let end = bytes.indexOf(NEWLINE, from); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      const text = bytes.toString('utf8', from, end).trim()
      from = end + 1
      if (text !== '') return { text, skipped, next: start + from }
      skipped += 1
    }
  }
  return { text: bytes.toString('utf8', from).trim(), skipped, next: start + bytes.length }
}

async function endsWithNewline(path: string): Promise<boolean> {
  await using file = await open(path)
  const { size } = await file.stat()
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] === NEWLINE || buffer[0] === 13
}
