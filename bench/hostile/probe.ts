import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { post } from '../support/load.ts'
import { waitedMs } from '../support/usage.ts'

/**
 * `probe.ts URL TOKEN PID…`: an ordinary caller who asks something small every 50 ms, come what may. It runs in a process of its
 * own, so that the attacker's work is not taken for the router's. `/take` answers its `Probed` and forgets it.
 */

export interface Probed {
  /** Milliseconds from sending to the whole answer. */
  readonly latencies: readonly number[]
  /** The same without the time for which this process, or one of those named, was ready to run and had no core. */
  readonly fair: readonly number[]
  /** What did not end in a right answer. */
  readonly failures: readonly string[]
}

const EVERY_MS = 50
const [url = '', token = '', ...pids] = process.argv.slice(2)
const involved = [process.pid, ...pids.map(Number)]
const waited = () => involved.reduce((sum, pid) => sum + waitedMs(pid), 0)
const { origin, pathname } = new URL(url)
const pool = new Pool(origin, { connections: 64, headersTimeout: 20_000, bodyTimeout: 20_000 })
const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
const body = JSON.stringify({ query: 'query Probe { me { id name } }' })
let latencies: number[] = []
let fair: number[] = []
let failures: string[] = []

async function ask(): Promise<void> {
  const [before, at] = [waited(), performance.now()]
  try {
    const answer = await post(pool, pathname, headers, body)
    if (answer.status !== 200 || !answer.text().includes('"name":"Ada"')) {
      failures.push(`${answer.status} ${answer.text().slice(0, 200)}`)
    }
  } catch (error) {
    failures.push(String(error))
  }
  const took = performance.now() - at
  latencies.push(took)
  fair.push(Math.max(0, took - (waited() - before)))
}

setInterval(ask, EVERY_MS)
createServer((_, response) => {
  response.end(JSON.stringify({ latencies, fair, failures }))
  latencies = []
  fair = []
  failures = []
}).listen(0, '127.0.0.1', function (this: { address(): unknown }) {
  console.log(`ready http://127.0.0.1:${(this.address() as AddressInfo).port}`)
})
