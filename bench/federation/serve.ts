import { join } from 'node:path'
import { Pool } from 'undici'
import { post } from '../support/load.ts'
import { type Running, start, written } from '../support/process.ts'
import type { Recorded } from './subgraph-server.ts'

/** The subgraphs, running in a process of their own. */
export interface Subgraphs extends AsyncDisposable {
  readonly origin: string
  readonly process: Running
  /** How long each answer is held back, in milliseconds. */
  setDelay(ms: number): Promise<void>
  /** How many requests they have answered so far. */
  requests(): Promise<number>
  /** What the subgraphs are asked while `during` runs. */
  recorded(during: () => Promise<unknown>): Promise<readonly Recorded[]>
}

/** Starts the four subgraphs on one core. */
export async function serveSubgraphs(core: number): Promise<Subgraphs> {
  const server = start({
    command: process.execPath,
    args: ['--import', 'tsx', join(import.meta.dirname, 'subgraph-server.ts')],
    core
  })
  const [, origin = ''] = await written(server, /ready (\S+)/)
  const pool = new Pool(origin)
  const ask = (path: string, body: object) => post(pool, path, {}, JSON.stringify(body))
  return {
    origin,
    process: server,
    async setDelay(delay) {
      await ask('/control', { delay })
    },
    async requests() {
      const answer = await ask('/requests', {})
      return Number(answer.text())
    },
    async recorded(during) {
      await ask('/control', { record: true })
      await during()
      const answer = await ask('/record', {})
      await ask('/control', { record: false })
      return JSON.parse(answer.text())
    },
    async [Symbol.asyncDispose]() {
      await pool.destroy()
      await server[Symbol.asyncDispose]()
    }
  }
}
