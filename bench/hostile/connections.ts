import { connect, type Socket } from 'node:net'
import { sleep } from '../support/process.ts'
import { type Case, tally } from './case.ts'
import type { Target } from './target.ts'

/** B19: connections that never get on. A bounded number of them, to this machine alone. */

const SOCKETS = 250
const CHECK_MS = 1000
/** The server looks at its connections once in a while. */
const SLACK_MS = 2000

interface Slow {
  readonly socket: Socket
  readonly openedAt: number
  closedAt: number | null
  said: string
}

function open(target: Target, first: string): Slow {
  const { hostname, port } = new URL(target.url)
  const socket = connect(Number(port), hostname)
  const slow: Slow = { socket, openedAt: performance.now(), closedAt: null, said: '' }
  socket.write(first)
  socket.on('data', chunk => {
    slow.said += chunk.toString('latin1', 0, 64)
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    slow.closedAt ??= performance.now()
  })
  return slow
}

/** One byte a second into each, until the router has closed all of them or the time is up. */
async function drip(slow: readonly Slow[], withinMs: number): Promise<void> {
  const until = performance.now() + withinMs
  while (performance.now() < until && slow.some(({ closedAt }) => closedAt === null)) {
    await sleep(CHECK_MS)
    for (const { socket, closedAt } of slow) if (closedAt === null) socket.write('a')
  }
}

function dripping(id: string, title: string, first: (target: Target) => string, boundMs: number): Case {
  return {
    id,
    title: `${SOCKETS} sockets, ${title}`,
    bounds: { endedMs: boundMs + SLACK_MS },
    async attack(target) {
      const slow = Array.from({ length: SOCKETS }, () => open(target, first(target)))
      try {
        await drip(slow, boundMs + 3 * SLACK_MS)
        const left = slow.filter(({ closedAt }) => closedAt === null).length
        const ended = slow.map(({ openedAt, closedAt }) => (closedAt ?? Number.POSITIVE_INFINITY) - openedAt)
        return {
          attacks: SOCKETS,
          seen: tally(slow.map(({ said }) => said.split('\r\n')[0] || 'closed without a word')),
          wrong: left > 0 ? `${left} sockets are still open` : null,
          endedMs: Math.max(...ended)
        }
      } finally {
        for (const { socket } of slow) socket.destroy()
      }
    }
  }
}

const head = ({ token }: Target) =>
  `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\n`

export const CONNECTIONS: readonly Case[] = [
  dripping('B19h', 'headers at 1 byte/s', target => `${head(target)}x-slow: `, 10_000),
  dripping('B19b', 'bodies at 1 byte/s', target => `${head(target)}content-length: 1000\r\n\r\n{"query":"`, 30_000)
]
