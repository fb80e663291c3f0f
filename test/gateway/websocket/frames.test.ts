import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from './client.ts'
import { startDoor, type TestDoor } from './door.ts'

let door: TestDoor
beforeAll(async () => {
  door = await startDoor({ transport: { frameBytes: 1024 } })
})
afterAll(() => door.close())

const TEXT = 1
const HEAD =
  'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
const PROTOCOL = 'Sec-WebSocket-Protocol: graphql-transport-ws\r\n'

const dial = () => connect(Number(new URL(door.url).port), '127.0.0.1').on('error', () => undefined)

/** A TCP connection after the handshake, on which any bytes can be sent. */
async function raw(): Promise<Socket> {
  const socket = dial()
  socket.write(`GET /graphql HTTP/1.1\r\n${HEAD}${PROTOCOL}\r\n`)
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 101/)
  return socket
}

interface FrameOptions {
  readonly opcode?: number
  readonly fin?: boolean
  readonly mask?: boolean
  readonly reserved?: number
  /** What the header says, instead of the payload's length. */
  readonly length?: number
}

function frame(
  payload: Buffer | string,
  { opcode = TEXT, fin = true, mask = true, reserved = 0, length }: FrameOptions = {}
): Buffer {
  const bytes = Buffer.from(payload)
  const said = length ?? bytes.length
  const head = Buffer.alloc(said < 126 ? 2 : said < 65_536 ? 4 : 10)
  head[0] = (fin ? 0x80 : 0) | reserved | opcode
  head[1] = (mask ? 0x80 : 0) | (said < 126 ? said : said < 65_536 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(said, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(said), 2)
  if (!mask) return Buffer.concat([head, bytes])
  const key = randomBytes(4)
  return Buffer.concat([head, key, bytes.map((byte, i) => byte ^ (key[i % 4] ?? 0))])
}

/** The code of the close frame that the server sends. */
async function closeCode(socket: Socket): Promise<number> {
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  await once(socket, 'close')
  const bytes = Buffer.concat(chunks)
  expect(bytes[0]).toBe(0x88)
  return bytes.readUInt16BE(2)
}

const BAD: Readonly<Record<string, readonly [number, () => Buffer]>> = {
  'a frame that is too long': [1009, () => frame(Buffer.alloc(2000, 'x'))],
  'a frame that says it is very long': [1009, () => frame('x', { length: 2 ** 40 })],
  'a message that becomes too long in parts': [
    1009,
    () => Buffer.concat([frame(Buffer.alloc(900, 'x'), { fin: false }), frame(Buffer.alloc(900, 'x'), { opcode: 0 })])
  ],
  'text that is not UTF-8': [1007, () => frame(Buffer.from([0xc3, 0x28]))],
  'a frame without a mask': [1002, () => frame('{"type":"ping"}', { mask: false })],
  'a reserved opcode': [1002, () => frame('x', { opcode: 5 })],
  'a reserved bit, such as that of compression': [1002, () => frame('x', { reserved: 0x40 })],
  'a continuation of nothing': [1002, () => frame('x', { opcode: 0 })],
  'a ping in parts': [1002, () => frame('x', { opcode: 9, fin: false })],
  'a close with a code that nobody may send': [1002, () => frame(Buffer.from([0, 1]), { opcode: 8 })],
  'a message in very many parts': [
    1008,
    () =>
      Buffer.concat([
        frame('', { fin: false }),
        ...Array.from({ length: 1100 }, () => frame('', { opcode: 0, fin: false }))
      ])
  ]
}

test.each(Object.entries(BAD))('%s closes that socket alone, and is no error of ours', async (_, [code, bytes]) => {
  await using other = await Client.acknowledged(door.url)
  door.lines.length = 0
  const output = watchOutput()
  const socket = await raw()
  socket.write(bytes())
  const received = closeCode(socket)
  // Without waiting for the client's own close frame, the server would leave the connection open for ever.
  expect(await received).toBe(code)
  other.subscribe('1', '{ hello }')
  await other.until('complete', '1')
  expect(output.stop()).toBe('')
  const lines = door.lines.map(line => JSON.parse(line))
  expect(lines.filter(({ msg }) => msg !== 'answered')).toEqual([
    expect.objectContaining({ level: 'debug', msg: 'websocket error', code: expect.stringMatching(/^WS_ERR_/) })
  ])
  expect(door.lines.join()).not.toContain('at ')
})

test('compression is not agreed on', async () => {
  const socket = dial()
  socket.write(`GET /graphql HTTP/1.1\r\n${HEAD}${PROTOCOL}Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n`)
  const [answer] = await once(socket, 'data')
  expect(String(answer)).not.toMatch(/sec-websocket-extensions/i)
  socket.destroy()
})

test.each([
  ['to another path', `GET /nope HTTP/1.1\r\n${HEAD}\r\n`, 404],
  ['whose target is no URL', `GET // HTTP/1.1\r\n${HEAD}\r\n`, 404],
  ['without a key', 'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', 400],
  ['of another version', `GET /graphql HTTP/1.1\r\n${HEAD.replace(': 13', ': 7')}\r\n`, 400],
  ['by POST', `POST /graphql HTTP/1.1\r\n${HEAD}\r\n`, 405],
  ['to another protocol', `GET /graphql HTTP/1.1\r\n${HEAD.replace('websocket', 'h2c')}\r\n`, 400],
  ['with a subprotocol that is no token', `GET /graphql HTTP/1.1\r\n${HEAD}Sec-WebSocket-Protocol: a b\r\n\r\n`, 400]
])('an upgrade %s is refused, and its connection closed', async (_, head, status) => {
  const socket = dial()
  const closed = once(socket, 'close')
  socket.write(head)
  const [answer] = await once(socket, 'data')
  expect(Number(String(answer).split(' ')[1])).toBe(status)
  await closed
})

test('connections that are reset in the middle of their upgrade, or later, do no harm', async () => {
  const output = watchOutput()
  for (let i = 0; i < 150; i++) {
    const socket = dial()
    socket.write(`GET ${i % 3 ? '/graphql' : '/nope'} HTTP/1.1\r\n${HEAD}${i % 2 ? PROTOCOL : ''}\r\n`)
    await delay(i % 4)
    if (i % 2) socket.write(frame('{"type":"connection_init"}'))
    socket.resetAndDestroy()
  }
  await using client = await Client.acknowledged(door.url)
  client.subscribe('1', '{ hello }')
  await client.until('complete', '1')
  expect(output.stop()).toBe('')
})

/** What is written to stderr beside the logger. */
function watchOutput(): { stop(): string } {
  const { write } = process.stderr
  const { error, warn } = console
  const written: unknown[] = []
  process.stderr.write = (chunk: unknown) => {
    written.push(chunk)
    return true
  }
  console.error = console.warn = (...given: unknown[]) => void written.push(...given)
  return {
    stop() {
      process.stderr.write = write
      console.error = error
      console.warn = warn
      return written.join('')
    }
  }
}
