import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { Pool } from 'undici'
import type { Operation } from '../federation/operations.ts'
import { wrong } from '../support/correct.ts'
import { post } from '../support/load.ts'
import { type Command, type Running, sleep, start } from '../support/process.ts'

/** Something that answers the deep query over HTTP. */
export interface Contestant {
  /** Begins its figures' names. */
  readonly key: string
  readonly label: string
  /** The command that serves on this port. */
  readonly command: (port: number) => Omit<Command, 'core'>
  /** Why it cannot take part. */
  readonly absent?: string
  readonly path?: string
  /** Whether it answers any operation, not only the deep one. */
  readonly general: boolean
  /** Megabytes on disk of what it needs. */
  readonly installMb?: () => number
}

export interface Started extends AsyncDisposable {
  readonly contestant: Contestant
  readonly url: string
  readonly process: Running
  /** Milliseconds from its start to its first right answer. */
  readonly coldMs: number
}

const ASK_EVERY_MS = 5
const READY_WITHIN_MS = 45_000

/** Starts a contestant on a core and waits for its first right answer; throws what was wrong with its last one. */
export async function startContestant(
  contestant: Contestant,
  { core, headers, operation }: { core: number; headers: Readonly<Record<string, string>>; operation: Operation }
): Promise<Started> {
  const port = await freePort()
  const path = contestant.path ?? '/graphql'
  const process = start({ ...contestant.command(port), core })
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1 })
  const sent = { 'content-type': 'application/json', accept: 'application/json', ...headers }
  let problem = 'no answer'
  try {
    while (performance.now() - process.startedAt < READY_WITHIN_MS) {
      if (process.exited()) throw new Error(`it ended: ${process.output().trim().slice(-800)}`)
      try {
        const answer = await post(pool, path, sent, operation.body)
        const coldMs = performance.now() - process.startedAt
        const found = wrong(answer, operation)
        if (found === null) {
          const url = `http://127.0.0.1:${port}${path}`
          return { contestant, url, process, coldMs, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() }
        }
        problem = found
        // Once it answers at all, a wrong answer seldom mends itself.
        if (answer.status === 200 && performance.now() - process.startedAt > 8_000) break
      } catch (error) {
        problem = String(error)
      }
      await sleep(ASK_EVERY_MS)
    }
    throw new Error(`no right answer: ${problem}; it said: ${process.output().trim().slice(-400)}`)
  } catch (error) {
    await process[Symbol.asyncDispose]()
    throw error
  } finally {
    await pool.destroy()
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
