import { WebSocket } from 'ws'
import {
  type Client,
  type ClientOptions,
  createClient,
  type Delivery,
  memoryCursorStore,
  OaasError,
  type SubscribeOptions,
  type TypedDocument
} from '../../sdk/src/index.ts'
import { EventServer } from './event-server.ts'

interface Happened {
  readonly happened: { readonly id: string; readonly number: number }
}

const HAPPENED: TypedDocument<Happened, { after?: string }> =
  'subscription Happened($after: String) { happened(after: $after) { id number } }'

const soon = () => 5

function client(server: EventServer, options: Partial<ClientOptions> = {}): Client {
  return createClient({ url: server.url, token: 'one', WebSocket, ...options })
}

function watch(from: Client, options: SubscribeOptions = {}, after?: string) {
  return from.subscribe(HAPPENED, after ? { after } : {}, { backoff: soon, ...options })
}

/** Takes events until there are `count`; leaves the iteration open. */
async function take(events: AsyncIterator<Delivery<Happened>>, count: number): Promise<number[]> {
  const numbers: number[] = []
  while (numbers.length < count) {
    const next = await events.next()
    if (next.done) throw new Error(`the stream ended after ${numbers.length} events`)
    numbers.push(next.value.data?.happened.number ?? Number.NaN)
  }
  return numbers
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

async function refusalOf(events: AsyncIterator<unknown>): Promise<OaasError> {
  try {
    for (;;) if ((await events.next()).done) throw new Error('the stream ended without an error')
  } catch (error) {
    if (error instanceof OaasError) return error
    throw error
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 2))
}

describe('subscribe', () => {
  test('delivers every event once and in order while its socket is cut again and again', async () => {
    await using server = await EventServer.start()
    await using sdk = client(server)
    server.beforeSend = number => {
      if (number % 17 === 0 && server.asked.length <= number / 17) server.cut()
    }
    const events = watch(sdk, {}, 'c0')
    server.append(100)
    expect(await take(events, 60)).toEqual(range(1, 60))
    server.append(100)
    expect(await take(events, 140)).toEqual(range(61, 200))
    expect(server.asked.length).toBeGreaterThan(10)
  })

  test('gives each event its cursor, the one before it, and no errors', async () => {
    await using server = await EventServer.start()
    await using sdk = client(server)
    const events = watch(sdk, {}, 'c0')
    server.append(2)
    await events.next()
    expect((await events.next()).value).toEqual({
      data: { happened: { id: 'e2', number: 2 } },
      cursor: 'c2',
      prev: 'c1',
      errors: []
    })
  })

  test('comes back to the place of the acknowledgement when it is cut before its first event', async () => {
    await using server = await EventServer.start()
    server.append(10)
    await using sdk = client(server)
    const events = watch(sdk)
    const first = take(events, 3)
    await until(() => server.asked.length === 1)
    server.cut()
    server.append(3)
    expect(await first).toEqual([11, 12, 13])
    expect(server.asked.map(each => each.after)).toEqual([null, 'c10'])
  })

  test('owns a cursor before its first event', async () => {
    await using server = await EventServer.start()
    server.append(10)
    const cursor = memoryCursorStore()
    await using sdk = client(server)
    const stop = new AbortController()
    const first = watch(sdk, { cursor, signal: stop.signal }).next()
    await until(() => server.asked.length === 1)
    stop.abort()
    await first
    expect(await cursor.load()).toBe('c10')
  })

  test('starts where the store stopped, even in another client', async () => {
    await using server = await EventServer.start()
    server.append(5)
    const cursor = memoryCursorStore()
    {
      await using sdk = client(server)
      expect(await take(watch(sdk, { cursor }, 'c0'), 3)).toEqual([1, 2, 3])
    }
    // The third event was handed out and never asked past: it counts as not handled.
    expect(await cursor.load()).toBe('c2')
    await using sdk = client(server)
    expect(await take(watch(sdk, { cursor }, 'c0'), 3)).toEqual([3, 4, 5])
  })

  test('ends with the error of a store that cannot save', async () => {
    await using server = await EventServer.start()
    await using sdk = client(server)
    const cursor = { load: async () => 'c0', save: () => Promise.reject(new Error('disk full')) }
    const events = watch(sdk, { cursor })
    server.append(2)
    await events.next()
    await expect(events.next()).rejects.toThrow('disk full')
  })

  test('drops an event that comes twice', async () => {
    await using server = await EventServer.start()
    server.copies = 3
    await using sdk = client(server)
    const events = watch(sdk, {}, 'c0')
    server.append(5)
    expect(await take(events, 5)).toEqual(range(1, 5))
  })

  test('goes on by its cursor when the server closes in good order', async () => {
    await using server = await EventServer.start()
    await using sdk = client(server)
    const events = watch(sdk, {}, 'c0')
    server.append(2)
    expect(await take(events, 2)).toEqual([1, 2])
    const more = take(events, 2)
    server.closeAll(1000)
    await until(() => server.sockets.size === 0)
    server.append(2)
    expect(await more).toEqual([3, 4])
  })

  test('waits for a server that is away', async () => {
    await using server = await EventServer.start()
    const interrupts: unknown[] = []
    await using sdk = client(server)
    const events = watch(sdk, { onInterrupt: cause => interrupts.push(cause) }, 'c0')
    server.append()
    expect(await take(events, 1)).toEqual([1])
    const next = take(events, 1)
    await server.stop()
    await until(() => interrupts.length > 3)
    server.append()
    await server.listen()
    expect(await next).toEqual([2])
  })

  test('loses nothing when the consumer is slower than the stream', async () => {
    await using server = await EventServer.start()
    await using sdk = client(server)
    const events = watch(sdk, {}, 'c0')
    server.append(2_500)
    await events.next()
    await until(() => server.sockets.size === 0)
    expect(await take(events, 2_499)).toEqual(range(2, 2_500))
    expect(server.asked.length).toBeGreaterThan(1)
  })

  test('shares one socket between subscriptions and closes it after the last', async () => {
    await using server = await EventServer.start()
    await using sdk = client(server)
    const [one, two] = [watch(sdk, {}, 'c0'), watch(sdk, {}, 'c0')]
    server.append()
    expect(await Promise.all([take(one, 1), take(two, 1)])).toEqual([[1], [1]])
    expect(server.sockets.size).toBe(1)
    await one.return?.()
    server.append()
    expect(await take(two, 1)).toEqual([2])
    await two.return?.()
    await until(() => server.sockets.size === 0)
  })

  test('ends without an error when it is aborted', async () => {
    await using server = await EventServer.start()
    await using sdk = client(server)
    const stop = new AbortController()
    const next = watch(sdk, { signal: stop.signal }).next()
    await until(() => server.asked.length === 1)
    stop.abort()
    expect((await next).done).toBe(true)
  })

  test('ends at once when it is aborted between two tries', async () => {
    await using server = await EventServer.start()
    await using sdk = client(server)
    const stop = new AbortController()
    const interrupted = new Promise<void>(resolve => {
      const next = watch(sdk, { signal: stop.signal, backoff: () => 3_600_000, onInterrupt: () => resolve() }).next()
      stop.signal.addEventListener('abort', () => void next.then(result => expect(result.done).toBe(true)))
    })
    await until(() => server.asked.length === 1)
    server.cut()
    await interrupted
    stop.abort()
  })
})

describe('a refused subscription', () => {
  test('ends with CURSOR_EXPIRED and the oldest cursor', async () => {
    await using server = await EventServer.start()
    server.append(9)
    server.trimmed = 5
    await using sdk = client(server)
    const error = await refusalOf(watch(sdk, {}, 'c3'))
    expect(error).toMatchObject({
      code: 'CURSOR_EXPIRED',
      details: { oldestCursor: 'c5' },
      retryable: false,
      status: null
    })
    expect(server.asked).toHaveLength(1)
  })

  test('ends with CURSOR_INVALID instead of starting from now', async () => {
    await using server = await EventServer.start()
    await using sdk = client(server)
    expect((await refusalOf(watch(sdk, { cursor: memoryCursorStore('nonsense') }))).code).toBe('CURSOR_INVALID')
    expect(server.asked).toHaveLength(1)
  })

  test('goes on with a new token when the old one has run out', async () => {
    await using server = await EventServer.start()
    server.tokens.add('one')
    const tokens = ['one', 'one', 'two']
    await using sdk = client(server, { token: async () => tokens.shift() ?? 'two' })
    const events = watch(sdk, {}, 'c0')
    server.append()
    expect(await take(events, 1)).toEqual([1])
    const next = take(events, 1)
    server.tokens.clear()
    server.tokens.add('two')
    server.cut()
    server.append()
    expect(await next).toEqual([2])
    expect(server.asked.map(each => each.token)).toEqual(['one', 'two'])
  })

  test('connects with a new token when the server closes because the old one ends', async () => {
    await using server = await EventServer.start()
    let asked = 0
    await using sdk = client(server, { token: async () => `token-${++asked}` })
    const events = watch(sdk, {}, 'c0')
    server.append()
    expect(await take(events, 1)).toEqual([1])
    const next = take(events, 1)
    server.closeAll(4403)
    server.append()
    expect(await next).toEqual([2])
    expect(server.asked.map(each => each.token)).toEqual(['token-1', 'token-2'])
  })

  test('ends with UNAUTHENTICATED when a renewed token is refused too', async () => {
    await using server = await EventServer.start()
    server.tokens.add('other')
    let asked = 0
    await using sdk = client(server, { token: async () => `token-${++asked}` })
    expect(await refusalOf(watch(sdk))).toMatchObject({ code: 'UNAUTHENTICATED', message: 'The token has run out.' })
    expect(asked).toBe(2)
  })

  test('ends when a fixed token runs out', async () => {
    await using server = await EventServer.start()
    await using sdk = client(server)
    const refused = refusalOf(watch(sdk))
    await until(() => server.asked.length === 1)
    server.closeAll(4403)
    expect(await refused).toMatchObject({ code: 'FORBIDDEN', retryable: false })
  })

  test('ends at the first refusal of a fixed token', async () => {
    await using server = await EventServer.start()
    server.tokens.add('other')
    await using sdk = client(server)
    expect((await refusalOf(watch(sdk))).code).toBe('UNAUTHENTICATED')
    expect(server.asked).toEqual([])
  })
})
