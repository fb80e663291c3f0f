import { importCatalogue } from './import-catalogue.ts'
import { importOrderRows } from './import-order-rows.ts'
import type { ImportTarget } from './import-target.ts'
import { describeKey, JoinedSource } from './joined-source.ts'
import type { Join, Mapping } from './mapping.ts'
import { matchFiles, type OpenedFile } from './match-files.ts'
import { Notes } from './notes.ts'
import { Rejects } from './rejects.ts'
import { type ImportReport, Tally } from './report.ts'
import type { Row } from './rows.ts'

export interface ImportOptions {
  readonly company: string
  /** Path of the file of rejected rows. */
  readonly rejects: string
  progress?(text: string): void
}

/** What the steps of one import share. */
export interface ImportRun {
  readonly target: ImportTarget
  readonly mapping: Mapping
  readonly company: string
  readonly files: readonly OpenedFile[]
  readonly joined: ReadonlyMap<string, JoinedSource>
  readonly tally: Tally
  readonly notes: Notes
  reject(row: Row, reason: string): Promise<void>
  progress(text: string): void
}

/**
 * Imports files by a checked mapping. Everything that can be wrong with a whole file is found before the first row is
 * imported: it throws CommandError then, and nothing is changed. A bad row is rejected alone.
 */
export async function runImport(
  target: ImportTarget,
  mapping: Mapping,
  paths: readonly string[],
  options: ImportOptions
): Promise<ImportReport> {
  const started = Date.now()
  const files = await matchFiles(mapping, paths)
  for (const { table } of files) for await (const _ of table.rows());
  await using rejects = await Rejects.open(options.rejects)
  const tally = new Tally()
  const run: ImportRun = {
    target,
    mapping,
    files,
    tally,
    company: options.company,
    joined: new Map(joinsOf(mapping).map(({ source }) => [source, new JoinedSource()])),
    notes: new Notes(),
    async reject(row, reason) {
      tally.count(row.file, 'rejected')
      await rejects.add(row, reason)
    },
    progress: options.progress ?? (() => {})
  }
  await importCatalogue(run)
  await readJoined(run)
  const orders = await importOrderRows(run)
  await countJoined(run)
  await target.orders.flush()
  return {
    files: tally.report(),
    orders,
    notes: run.notes.report(),
    rejects: { rows: rejects.rows, file: rejects.path },
    seconds: Math.round((Date.now() - started) / 10) / 100
  }
}

function joinsOf({ orders }: Mapping): readonly Join[] {
  const joins = [...orders.with, orders.lines?.join, ...(orders.lines?.with ?? []), orders.payments]
  return joins.filter(join => join != null)
}

/** A source that is imported for its own sake is counted there. */
function isImported({ orders, products, suppliers }: Mapping, source: string): boolean {
  return [orders.from, products?.from, suppliers?.from].includes(source)
}

async function readJoined({ files, joined, tally, mapping }: ImportRun): Promise<void> {
  for (const { file, table } of files) {
    const source = joined.get(file.source)
    if (!source) continue
    for await (const { problem, ...row } of table.rows()) {
      if (!isImported(mapping, file.source)) tally.read(file)
      source.add({ file, ...row }, problem)
    }
  }
}

/** Counts each joined row once: part of an order, or rejected with why it is not. */
async function countJoined({ joined, mapping, tally, reject }: ImportRun): Promise<void> {
  for (const [name, source] of joined) {
    if (isImported(mapping, name)) continue
    const join = joinsOf(mapping).find(({ source }) => source === name)
    for (const { row, joined, problem, refused } of source.rows) {
      if (joined) tally.count(row.file, 'joined')
      else await reject(row, problem ?? refused ?? `no order has it: ${join ? describeKey(join, row) : ''}`)
    }
  }
}
