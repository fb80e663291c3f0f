import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readMapping } from '../../gateway/import/read-mapping.ts'
import type { ImportReport } from '../../gateway/import/report.ts'
import { runImport } from '../../gateway/import/run-import.ts'
import { packageRoot } from '../../platform/root.ts'
import { orders, type StartedOrders } from '../../subgraphs/orders/subgraph.ts'
import { type StartedSuppliers, suppliers } from '../../subgraphs/suppliers/subgraph.ts'
import { startTestRoom, type TestRoom } from '../support/room.ts'

export const OLIST_MAPPING = join(packageRoot, 'docs', 'olist.mapping.yaml')
export const SAMPLE = join(packageRoot, 'test', 'import', 'sample')

/** A directory of files that a test makes. */
export interface Files extends AsyncDisposable {
  readonly directory: string
  write(name: string, content: string | Uint8Array): Promise<string>
}

export async function files(): Promise<Files> {
  const directory = await mkdtemp(join(tmpdir(), 'oaas-import-'))
  return {
    directory,
    async write(name, content) {
      await writeFile(join(directory, name), content)
      return join(directory, name)
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true })
  }
}

/** The CSV files of a directory. */
export async function csvFiles(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory)
  return names.filter(name => name.endsWith('.csv')).map(name => join(directory, name))
}

/** The two rooms that an import writes to. */
export interface Importing extends AsyncDisposable {
  readonly orders: TestRoom<StartedOrders>
  readonly suppliers: TestRoom<StartedSuppliers>
  readonly files: Files
  run(mapping: string, paths: readonly string[]): Promise<ImportReport>
  /** The rejects of the last run: `file:line reason`. */
  rejects(): Promise<readonly string[]>
}

export async function startImporting(): Promise<Importing> {
  const place = await files()
  const rooms = { orders: await startTestRoom(orders), suppliers: await startTestRoom(suppliers) }
  const rejects = join(place.directory, 'rejects.jsonl')
  return {
    ...rooms,
    files: place,
    async run(mapping, paths) {
      const target = { orders: rooms.orders.room, suppliers: rooms.suppliers.room }
      return runImport(target, await readMapping(mapping), paths, { company: 'demo', rejects })
    },
    async rejects() {
      const lines = (await readFile(rejects, 'utf8')).split('\n').filter(line => line !== '')
      return lines.map(line => {
        const { file, line: at, reason } = JSON.parse(line) as { file: string; line: number; reason: string }
        return `${file}:${at} ${reason}`
      })
    },
    async [Symbol.asyncDispose]() {
      await rooms.orders[Symbol.asyncDispose]()
      await rooms.suppliers[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    }
  }
}
