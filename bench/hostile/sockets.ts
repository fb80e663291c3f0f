import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { type Bounds, type Case, type Taken, tally } from './case.ts'
import { type Client, client, ending, entered, until } from './socket.ts'
import type { Target } from './target.ts'

/** B21–B23: what a socket can do before it subscribes. */

const SILENT = 500
const INIT_TIMEOUT_MS = 3000
const SLACK_MS = 1500

/** A case whose one socket has to end with one of these codes. */
function ends(id: string, title: string, codes: readonly string[], abuse: (target: Target) => Promise<Client>): Case {
  return {
    id,
    title,
    bounds: {},
    async attack(target) {
      const abusive = await abuse(target)
      await until(() => abusive.ended !== null, 8000)
      const seen = ending(abusive)
      abusive.socket.terminate()
      return { attacks: 1, seen, wrong: codes.includes(seen) ? null : `ended with ${seen}, not ${codes.join(' or ')}` }
    }
  }
}

const silent: Case = {
  id: 'B21',
  title: `${SILENT} sockets that say nothing`,
  bounds: { endedMs: INIT_TIMEOUT_MS + SLACK_MS } satisfies Bounds,
  async attack(target): Promise<Taken> {
    const clients = Array.from({ length: SILENT }, () => client(target))
    await until(() => clients.every(({ ended }) => ended !== null), INIT_TIMEOUT_MS + 3 * SLACK_MS)
    const open = clients.filter(({ ended }) => ended === null).length
    for (const { socket } of clients) socket.terminate()
    const odd = clients.map(ending).find(what => !/^(4408|refused (429|503))$/.test(what))
    return {
      attacks: SILENT,
      seen: tally(clients.map(ending)),
      wrong: open > 0 ? `${open} are still open` : odd ? `ended with ${odd}` : null,
      endedMs: Math.max(...clients.map(({ ended, openedAt }) => (ended?.at ?? Number.POSITIVE_INFINITY) - openedAt))
    }
  }
}

const flood = (count: number, message: unknown) => async (target: Target) => {
  const flooding = await entered(target)
  const text = JSON.stringify(message)
  for (let n = 0; n < count && flooding.ended === null; n++) {
    flooding.send(text)
    // Whoever floods reads what comes back, too.
    if (n % 500 === 499) await new Promise(setImmediate)
  }
  return flooding
}

/** A websocket frame that no library would send: masked, with the length and the flags as given. */
function frame(opcode: number, payload: Buffer, fin: boolean, rsv1 = false): Buffer {
  const mask = randomBytes(4)
  const first = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode
  const head = payload.length < 126 ? Buffer.from([first, 0x80 | payload.length]) : Buffer.alloc(4)
  if (payload.length >= 126) {
    head[0] = first
    head[1] = 0x80 | 126
    head.writeUInt16BE(payload.length, 2)
  }
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))])
}

/** Sends frames on a socket of its own; answers the close code, or how the connection ended. */
function raw(id: string, title: string, codes: readonly string[], frames: () => Buffer): Case {
  return {
    id,
    title,
    bounds: {},
    async attack(target) {
      const { hostname, port, pathname } = new URL(target.url)
      const socket = connect(Number(port), hostname)
      const key = randomBytes(16).toString('base64')
      let read = Buffer.alloc(0)
      let closed = false
      socket.on('data', chunk => {
        read = Buffer.concat([read, chunk])
      })
      socket.on('error', () => {})
      socket.on('close', () => {
        closed = true
      })
      const upgrade = [
        `GET ${pathname} HTTP/1.1`,
        `host: ${hostname}:${port}`,
        'connection: Upgrade',
        'upgrade: websocket'
      ]
      const offers = ['sec-websocket-protocol: graphql-transport-ws', 'sec-websocket-extensions: permessage-deflate']
      socket.write(
        `${[...upgrade, ...offers, 'sec-websocket-version: 13', `sec-websocket-key: ${key}`].join('\r\n')}\r\n\r\n`
      )
      await until(() => read.includes('\r\n\r\n') || closed)
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      const head = read.subarray(0, read.indexOf('\r\n\r\n') + 4).toString('latin1')
      if (!head.includes(accept))
        return { attacks: 1, seen: head.split('\r\n')[0] ?? '', wrong: 'no websocket was opened' }
      const deflates = /sec-websocket-extensions/i.test(head)
      read = read.subarray(head.length)
      socket.write(frames())
      await until(() => closed || closeCode(read) !== null, 8000)
      const seen = closeCode(read) ?? (closed ? 'cut off' : 'open')
      socket.destroy()
      const wrong = codes.includes(seen) ? null : `ended with ${seen}, not ${codes.join(' or ')}`
      return { attacks: 1, seen, wrong: deflates ? 'it offers to inflate' : wrong }
    }
  }
}

function closeCode(read: Buffer): string | null {
  for (let at = 0; at + 4 <= read.length; ) {
    const length = read[at + 1] ?? 0
    if (((read[at] ?? 0) & 0x0f) === 8) return String(read.readUInt16BE(at + 2))
    at += length < 126 ? 2 + length : 4 + read.readUInt16BE(at + 2)
  }
  return null
}

const fragments = () =>
  Buffer.concat([
    frame(1, Buffer.from('{'), false),
    ...Array.from({ length: 16_384 }, () => frame(0, Buffer.from(' '), false))
  ])

export const SOCKETS: readonly Case[] = [
  silent,
  ends('B22i', 'a second connection_init', ['4429'], flood(1, { type: 'connection_init' })),
  ends('B22p', '10,000 pings', ['4429', '1008'], flood(10_000, { type: 'ping' })),
  ends('B23', 'a message of 1 MB', ['1009'], flood(1, { type: 'ping', payload: { x: 'x'.repeat(1_000_000) } })),
  raw('B23f', 'one message in 16,384 fragments', ['1008', '1009', '4429'], fragments),
  raw('B23z', 'a compressed frame that nobody agreed on', ['1002'], () => frame(1, Buffer.alloc(100), true, true)),
  raw('B23b', 'a binary message', ['1003', '4400'], () => frame(2, Buffer.alloc(100), true))
]
