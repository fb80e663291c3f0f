import { parse } from 'graphql'
import type { SubgraphRequest, SubgraphResponse } from '../../../platform/executor/executor.ts'
import { SIGNATURE_HEADER } from '../../../platform/executor/signature.ts'
import { subscribeOver } from '../../../platform/executor/subscribe/subscribe-over.ts'
import type { Subscriber, SubscriberLimits } from '../../../platform/executor/subscribe/subscriber.ts'
import type { Feed } from '../../support/feed.ts'
import {
  type Protocol,
  type SubscribingSubgraph,
  startSubscribingSubgraph
} from '../../support/subscribing-subgraph.ts'
import { accessOf } from '../support.ts'

const SDL = `
  type Query { x: Int }
  type Subscription { ticked(from: Int = 0): Tick fails: Int broken: Tick }
  type Tick { n: Int! flaky: Int text: String }`

const resolvers = (feed: Feed) => ({
  Subscription: {
    ticked: { subscribe: () => feed.listen(), resolve: (event: unknown) => event },
    fails: {
      subscribe: () => {
        throw new Error('no such thing')
      }
    }
  },
  Tick: {
    flaky: ({ n }: { n: number }) => {
      if (n % 2) throw new Error(`odd ${n}`)
      return n
    }
  }
})

let left = new AbortController()

/** As a reader who leaves when the test ends. */
function ask(text: string, over: Partial<SubgraphRequest> = {}): SubgraphRequest {
  return {
    signal: left.signal,
    operation: { kind: 'subscription', text, document: parse(text) },
    variables: {},
    access: accessOf(),
    ...over
  }
}

const TICKED = 'subscription ($from: Int) { ticked(from: $from) { n } }'

/** Reads in the background, so that the subscription begins. */
function read(events: AsyncIterable<SubgraphResponse>) {
  const iterator = events[Symbol.asyncIterator]()
  return {
    first: iterator.next(),
    iterator,
    async rest(first: Promise<IteratorResult<SubgraphResponse>> = iterator.next()) {
      const found: SubgraphResponse[] = []
      for (let step = await first; !step.done; step = await iterator.next()) found.push(step.value)
      return found
    }
  }
}

describe.each<Protocol>(['graphql-ws', 'sse', 'multipart'])('over %s', protocol => {
  let subgraph: SubscribingSubgraph
  const opened: Subscriber[] = []
  beforeEach(async () => {
    left = new AbortController()
    subgraph = await startSubscribingSubgraph(protocol, SDL, resolvers)
  })
  afterEach(async () => {
    left.abort()
    await subgraph[Symbol.asyncDispose]()
    for (const subscriber of opened.splice(0)) await subscriber[Symbol.asyncDispose]()
  })
  const open = (over: Partial<SubscriberLimits> & { secret?: string | null; url?: string } = {}) => {
    const subscriber = subscribeOver(protocol, {
      url: subgraph.url,
      subgraph: 'ticks',
      secret: null,
      forwardHeaders: ['authorization', 'x-tenant'],
      ...over
    })
    opened.push(subscriber)
    return subscriber
  }

  test('brings every event in its order, and the end', async () => {
    const reading = read(open().subscribe(ask(TICKED)))
    await subgraph.feed.until(1)
    for (let n = 0; n < 200; n++) subgraph.feed.push({ n })
    const { value } = await reading.first
    expect(value).toEqual({ data: { ticked: { n: 0 } } })
    const rest = reading.rest()
    for (let n = 200; n < 210; n++) subgraph.feed.push({ n })
    subgraph.feed.complete()
    expect((await rest).map(({ data }) => data?.['ticked'])).toEqual(
      Array.from({ length: 209 }, (_, i) => ({ n: i + 1 }))
    )
  })

  test('connects nothing before somebody reads', async () => {
    const events = open().subscribe(ask(TICKED))
    await new Promise(resolve => setTimeout(resolve, 30))
    expect(subgraph.subscribed).toEqual([])
    await events[Symbol.asyncIterator]().return?.()
    expect(subgraph.subscribed).toEqual([])
  })

  test('brings the errors of an event beside its data, and events that are null', async () => {
    const reading = read(open().subscribe(ask('subscription { ticked { n flaky } }')))
    await subgraph.feed.until(1)
    subgraph.feed.push({ n: 1 }, null, { n: null })
    expect((await reading.first).value).toMatchObject({
      data: { ticked: { n: 1, flaky: null } },
      errors: [{ message: 'odd 1', path: ['ticked', 'flaky'] }]
    })
    expect((await reading.iterator.next()).value).toEqual({ data: { ticked: null } })
    expect((await reading.iterator.next()).value).toMatchObject({
      data: { ticked: null },
      errors: [{ path: ['ticked', 'n'] }]
    })
  })

  test.each([
    ['a document that is not valid there', 'subscription { nothing }', /Cannot query field/],
    ['a resolver that refuses', 'subscription { fails }', /no such thing/]
  ])('brings the errors of %s as its one event', async (_, text, message) => {
    const { first, rest } = read(open().subscribe(ask(text)))
    expect(await rest(first)).toEqual([
      { data: null, errors: [expect.objectContaining({ message: expect.stringMatching(message) })] }
    ])
  })

  test('says that it broke off when the connection is cut, after what had come', async () => {
    const { first, iterator } = read(open().subscribe(ask(TICKED)))
    await subgraph.feed.until(1)
    subgraph.feed.push({ n: 1 })
    expect((await first).value).toEqual({ data: { ticked: { n: 1 } } })
    subgraph.cut()
    await expect(iterator.next()).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
      details: { subgraph: 'ticks' }
    })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    // A new one is not disturbed by it, and nobody subscribed again by itself.
    expect(subgraph.subscribed).toHaveLength(1)
  })

  test('says that a subgraph cannot be reached', async () => {
    const { first } = read(open({ url: 'http://127.0.0.1:1/graphql' }).subscribe(ask(TICKED)))
    await expect(first).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
  })

  test('ends upstream as soon as its reader leaves', async () => {
    const { first, iterator } = read(open().subscribe(ask(TICKED)))
    await subgraph.feed.until(1)
    subgraph.feed.push({ n: 1 })
    await first
    await iterator.return?.()
    await subgraph.feed.until(0)
  })

  test('ends upstream as soon as its signal fires, also while it waits, and throws nothing', async () => {
    const stop = new AbortController()
    const { first } = read(open().subscribe(ask(TICKED, { signal: stop.signal })))
    await subgraph.feed.until(1)
    stop.abort()
    expect(await first).toEqual({ done: true, value: undefined })
    await subgraph.feed.until(0)
    const late = read(open().subscribe(ask(TICKED, { signal: stop.signal })))
    expect(await late.first).toEqual({ done: true, value: undefined })
  })

  test('asks a subgraph that is not ours with the forwarded headers, and neither signature nor access', async () => {
    const request = ask(TICKED, {
      headers: { authorization: 'Bearer abc', 'x-tenant': 't1', 'x-other': '1' },
      variables: { from: 7 }
    })
    read(open().subscribe(request))
    await subgraph.feed.until(1)
    const [heard] = subgraph.subscribed
    expect(heard?.headers).toMatchObject({ authorization: 'Bearer abc', 'x-tenant': 't1' })
    expect(heard?.headers).not.toHaveProperty(SIGNATURE_HEADER)
    expect(heard?.headers).not.toHaveProperty('x-other')
    expect(heard?.body).toEqual({ query: TICKED, variables: { from: 7 } })
    if (protocol === 'graphql-ws') expect(heard?.init).toEqual({ authorization: 'Bearer abc', 'x-tenant': 't1' })
  })

  test('signs what it asks of ours, and sends the access', async () => {
    read(open({ secret: 'x'.repeat(32) }).subscribe(ask(TICKED)))
    await subgraph.feed.until(1)
    const [heard] = subgraph.subscribed
    expect(heard?.body.extensions).toEqual({ access: accessOf() })
    const signed = protocol === 'graphql-ws' ? heard?.init : heard?.headers
    expect(signed).toHaveProperty(SIGNATURE_HEADER, expect.stringMatching(/^t=\d+,n=/))
  })

  test('refuses to forward what is no header, and lives', async () => {
    const { first } = read(open().subscribe(ask(TICKED, { headers: { 'x-tenant': 'a\r\nhost: b' } })))
    await expect(first).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    expect(subgraph.subscribed).toEqual([])
  })

  test('gives up on an event that is too long', async () => {
    const { first, iterator } = read(open({ eventBytes: 2_000 }).subscribe(ask('subscription { ticked { n text } }')))
    await subgraph.feed.until(1)
    subgraph.feed.push({ n: 1, text: 'x'.repeat(1_000) })
    expect((await first).value).toMatchObject({ data: { ticked: { n: 1 } } })
    subgraph.feed.push({ n: 2, text: 'x'.repeat(3_000) })
    await expect(iterator.next()).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    await subgraph.feed.until(0)
  })

  test('keeps no flood in memory for a reader who pauses', async () => {
    const { first, rest, iterator } = read(
      open({ waitingEvents: 50 }).subscribe(ask('subscription { ticked { n text } }'))
    )
    await subgraph.feed.until(1)
    subgraph.feed.push({ n: 0 })
    await first
    subgraph.feed.push(...Array.from({ length: 400 }, (_, n) => ({ n, text: 'x'.repeat(50_000) })))
    if (protocol === 'graphql-ws') {
      // A socket cannot be held back for one reader: it gets what waited, and is told of the rest.
      await subgraph.feed.until(0)
      let read = 0
      const reading = (async () => {
        while (!(await iterator.next()).done) read++
      })()
      await expect(reading).rejects.toMatchObject({ code: 'SUBSCRIPTION_INTERRUPTED' })
      expect(read).toBeGreaterThan(5)
      expect(read * 50_000).toBeLessThan(1024 * 1024)
    } else {
      // The stream is held back, and nothing is missing in the end.
      let before = -1
      while (subgraph.feed.waiting !== before) {
        before = subgraph.feed.waiting
        await new Promise(resolve => setTimeout(resolve, 100))
      }
      expect(before).toBeGreaterThan(0)
      subgraph.feed.complete()
      expect(await rest()).toHaveLength(400)
    }
  })

  test('waits with its disposal for what runs, and starts nothing new', async () => {
    const subscriber = open()
    const { first, rest } = read(subscriber.subscribe(ask(TICKED)))
    await subgraph.feed.until(1)
    let disposed = false
    const disposing = subscriber[Symbol.asyncDispose]().then(() => {
      disposed = true
    })
    await expect(read(subscriber.subscribe(ask(TICKED))).first).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    subgraph.feed.push({ n: 1 })
    expect((await first).value).toEqual({ data: { ticked: { n: 1 } } })
    expect(disposed).toBe(false)
    subgraph.feed.complete()
    expect(await rest()).toEqual([])
    await disposing
  })
})
