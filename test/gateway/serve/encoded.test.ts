import { once } from 'node:events'
import { connect } from 'node:net'
import { type Encoded, encoded, encodedResult } from '../../../gateway/serve/encoded.ts'
import { startHttpDoor } from '../../support/http-door.ts'

const CAPACITY = 256 * 1024
const isLatin1 = (text: string) => /^[\0-\xff]*$/.test(text)
/** Text that V8 keeps in pieces, as answers are. */
const pieces = (piece: string, times: number) => {
  let text = ''
  for (let i = 0; i < times; i++) text += piece + i
  return text
}
const bytesOf = ({ body }: Encoded) => Buffer.from(body as never)

const TEXTS: Readonly<Record<string, string>> = {
  nothing: '',
  'short ASCII': 'abc',
  'short and not ASCII': 'añ语😀',
  ASCII: pieces('abcdefgh', 3_000),
  'Latin-1': pieces('ab é ÿ\u0080', 3_000),
  'Latin-1 with its last character alone outside of ASCII': `${'x'.repeat(9_001)}é`,
  'Latin-1 with its first character alone outside of ASCII': `é${'x'.repeat(9_001)}`,
  'Latin-1 of nothing else': 'é'.repeat(20_000),
  'two-byte text': pieces('订单 заказ', 2_000),
  'characters beyond the first plane': pieces('😀x', 4_000),
  'lone surrogates': pieces('a\ud800b\udc00\ud83d', 3_000),
  'ASCII as long as the memory': 'x'.repeat(CAPACITY),
  'ASCII beyond the memory': 'x'.repeat(CAPACITY + 1),
  'Latin-1 that outgrows the memory as UTF-8': 'é'.repeat(CAPACITY / 2 + 1),
  'Latin-1 that fills the memory as UTF-8': 'é'.repeat(CAPACITY / 2),
  'Latin-1 that is a byte short of outgrowing it': `${'é'.repeat(CAPACITY / 2 - 1)}xx`,
  'two-byte text that outgrows the memory': '语'.repeat(CAPACITY / 3 + 1),
  'a pair that would stand at the end of the memory': `${'x'.repeat(CAPACITY - 3)}😀`
}

describe('a text as a body', () => {
  describe.each(Object.entries(TEXTS))('of %s', (_, text) => {
    test.each(isLatin1(text) ? [true, false] : [false])('is its UTF-8 (known to be Latin-1: %p)', latin1 => {
      const expected = Buffer.from(text)
      // The second time in memory that was used before.
      for (let i = 0; i < 2; i++) {
        const body = encoded(text, latin1)
        expect(bytesOf(body).equals(expected)).toBe(true)
        expect(body.bytes).toBe(expected.length)
        body.release?.()
      }
    })
  })

  test('is like Buffer’s for any length and place of what is not ASCII', () => {
    for (let length = 8_192; length < 8_200; length++) {
      for (let place = 0; place < 9; place++) {
        const text = `${'x'.repeat(length - place - 1)}ÿ${'y'.repeat(place)}`
        const body = encoded(text, true)
        expect(bytesOf(body).equals(Buffer.from(text))).toBe(true)
        body.release?.()
      }
    }
  })

  test('keeps its memory until it is released, however many others there are', () => {
    const texts = Array.from({ length: 50 }, (_, i) => String.fromCharCode(0x41 + i, i % 2 ? 0xe9 : 0x41).repeat(5_000))
    const bodies = texts.map((text, i) => encoded(text, i % 3 === 0))
    expect(bodies.every((body, i) => bytesOf(body).equals(Buffer.from(texts[i] ?? '')))).toBe(true)
    for (let i = 0; i < 50; i += 2) bodies[i]?.release?.()
    const more = texts.map(text => encoded(text, false))
    for (let i = 0; i < 50; i++) {
      expect(bytesOf(more[i] as Encoded).equals(Buffer.from(texts[i] ?? ''))).toBe(true)
      if (i % 2) expect(bytesOf(bodies[i] as Encoded).equals(Buffer.from(texts[i] ?? ''))).toBe(true)
    }
    for (const body of [...more, ...bodies.filter((_, i) => i % 2)]) body.release?.()
  })

  test('of a result that several callers get is made once, and in no memory that is used again', () => {
    const result = { text: 'x'.repeat(10_000), latin1: true, shared: true }
    const [first, second] = [encodedResult(result as never), encodedResult(result as never)]
    expect(first).toBe(second)
    expect(first.release).toBeUndefined()
    const own = { ...result, shared: false }
    const [third, fourth] = [encodedResult(own as never), encodedResult(own as never)]
    expect(third.body).not.toBe(fourth.body)
    third.release?.()
    fourth.release?.()
  })
})

test('clients that read slowly each get their own bytes, while others are answered', async () => {
  const text = ({ of, bytes }: { of: string; bytes: number }) => of.repeat(bytes)
  await using door = await startHttpDoor({
    subgraphs: { only: { sdl: 'type Query { text(of: String!, bytes: Int!): String }', root: { text } } }
  })
  const bytes = 200 * 1024
  const ask = (of: string) => JSON.stringify({ query: `{ text(of: "${of}", bytes: ${bytes}) }` })
  /** Several answers, so that what the system takes for the reader is full and memory of the router's waits. */
  const TIMES = 40
  const slow = async (of: string) => {
    const socket = connect({ port: Number(new URL(door.url).port), host: '127.0.0.1' })
    await once(socket, 'connect')
    const body = ask(of)
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`
    socket.pause()
    socket.write(`${head}\r\n\r\n${body}`.repeat(TIMES))
    return {
      async read(): Promise<string> {
        let read = ''
        for await (const chunk of socket) {
          read += chunk
          if (read.length >= TIMES * bytes && read.split('"}}').length > TIMES) break
        }
        return read
      }
    }
  }
  const readers = await Promise.all(['a', 'b', 'c'].map(slow))
  for (let i = 0; i < 60; i++) {
    const { body } = await door.post(ask('z'))
    expect(body.data?.['text']).toBe('z'.repeat(bytes))
  }
  const texts = await Promise.all(readers.map(reader => reader.read()))
  for (const [i, of] of ['a', 'b', 'c'].entries()) {
    const answers = [...(texts[i] ?? '').matchAll(/\{"data":\{"text":"(\w*)"\}\}/g)].map(match => match[1] ?? '')
    expect(answers.length).toBe(TIMES)
    expect(answers.every(answer => answer === of.repeat(bytes))).toBe(true)
  }
})
