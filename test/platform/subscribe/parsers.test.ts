import { parseParts } from '../../../platform/executor/subscribe/multipart-parser.ts'
import { parseEvents } from '../../../platform/executor/subscribe/sse-parser.ts'

/** Bytes as a network may bring them. */
async function* chunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('an event stream', () => {
  const events = (text: string, size = 1000, limit = 1000) => all(parseEvents(chunks(text, size), limit))

  test.each([
    ['line feeds', '\n'],
    ['carriage returns', '\r'],
    ['both', '\r\n']
  ])('is read with %s as line ends, wherever it is cut', async (_, end) => {
    const text = ['\uFEFFevent: next', 'data: {"ü":"世界"}', '', ': ping', '', 'event:complete', 'data', '', ''].join(
      end
    )
    const expected = [
      { type: 'next', data: '{"ü":"世界"}' },
      { type: 'complete', data: '' }
    ]
    for (let size = 1; size <= Buffer.byteLength(text); size++) expect(await events(text, size)).toEqual(expected)
  })

  test('joins lines of data, takes one space off, and names an event "message" that has no name', async () => {
    expect(await events('data: a\ndata:  b\ndata:c\nid: 7\nretry: 1\nother\n\n')).toEqual([
      { type: 'message', data: 'a\n b\nc' }
    ])
  })

  test('has an event that is a name alone, and none that is nothing', async () => {
    expect(await events('\n\nid: 1\n\nevent: complete\n\n')).toEqual([{ type: 'complete', data: '' }])
  })

  test('gives an event at its blank line, before more comes', async () => {
    async function* slow() {
      yield Buffer.from('data: 1\r\r')
      await new Promise(() => {})
    }
    const reading = parseEvents(slow(), 100)
    expect((await reading.next()).value).toEqual({ type: 'message', data: '1' })
  })

  test('forgets what was not ended', async () => {
    expect(await events('data: 1\n\ndata: 2')).toEqual([{ type: 'message', data: '1' }])
  })

  test.each([
    ['in one line', `data: ${'x'.repeat(30)}`],
    ['in many lines', 'data: xxxxxx\n'.repeat(5)]
  ])('is refused when an event is too long %s', async (_, text) => {
    for (const size of [1, 7, 1000]) await expect(events(text, size, 20)).rejects.toThrow(RangeError)
    expect(await events('data: 123456789\n\n'.repeat(10), 7, 20)).toHaveLength(10)
  })
})

describe('a multipart body', () => {
  const parts = (text: string, size = 1000, limit = 1000, boundary = 'graphql') =>
    all(parseParts(chunks(text, size), boundary, limit))
  const part = (text: string) => `\r\ncontent-type: application/json\r\n\r\n${text}\r\n--graphql`

  test.each([
    ['at its start', '--graphql'],
    ['after a line end', '\r\n--graphql'],
    ['after a preamble', 'to be ignored --graphql?\r\n--graphql']
  ])('is read with its first delimiter %s, wherever it is cut', async (_, begin) => {
    const text = `${begin}${part('{"a":"--graphql 世"}')}${part('{}')}${part('')}--\r\n`
    const expected = ['{"a":"--graphql 世"}', '{}', '', null]
    for (let size = 1; size <= Buffer.byteLength(text); size++) expect(await parts(text, size)).toEqual(expected)
  })

  test('takes parts without headers, and other boundaries', async () => {
    expect(await parts('---\r\n\r\n{}\r\n-----\r\n', 1, 100, '-')).toEqual(['{}', null])
  })

  test('gives a part at the delimiter after it, before more comes', async () => {
    async function* slow() {
      yield Buffer.from(`--graphql${part('1')}`)
      await new Promise(() => {})
    }
    expect((await parseParts(slow(), 'graphql', 100).next()).value).toBe('1')
  })

  test('has no closing null when it is cut off', async () => {
    expect(await parts(`--graphql${part('1')}\r\n\r\n2`)).toEqual(['1'])
  })

  test('is refused when a part is too long', async () => {
    const text = `--graphql${part('x'.repeat(100))}--`
    for (const size of [1, 7]) await expect(parts(text, size, 80)).rejects.toThrow(RangeError)
    expect(await parts(`--graphql${part('1').repeat(20)}--`, 1, 80)).toHaveLength(21)
  })
})
