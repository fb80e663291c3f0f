import { Fault } from '../../platform/errors.ts'
import type { SubgraphRequest } from '../../platform/executor/executor.ts'
import { type HttpExecutorOptions, httpExecutor } from '../../platform/executor/http.ts'
import { createWrites } from '../../platform/executor/writes.ts'
import { holding } from '../contracts/executor/holding.ts'
import { operationOf } from '../contracts/executor/subgraph.ts'
import { accessOf } from './support.ts'

const query: SubgraphRequest = { operation: operationOf('{ hello { name } }'), variables: {}, access: accessOf() }
const mutation: SubgraphRequest = { ...query, operation: operationOf('mutation { pay }') }

function open(url: string, over: Partial<HttpExecutorOptions> = {}) {
  return httpExecutor({
    url,
    secret: null,
    subgraph: 'probe',
    dedupe: true,
    forwardHeaders: ['authorization'],
    ...over
  })
}

describe('identical queries on their way at once', () => {
  test('are asked once, and each of ten gets data that nobody else can change', async () => {
    await using subgraph = await holding('{"data":{"hello":{"name":"hi"},"list":[{"__proto__":{"a":1}}]}}')
    await using executor = open(subgraph.url)
    const all = Promise.all(Array.from({ length: 10 }, () => executor.execute({ ...query, access: accessOf() })))
    await subgraph.arrived(1)
    subgraph.release()
    const answers = await all
    expect(subgraph.asked).toHaveLength(1)
    const [first] = answers
    Object.assign(first?.data?.['hello'] ?? {}, { name: 'changed' })
    for (const answer of answers.slice(1)) {
      expect(answer.data?.['hello']).toEqual({ name: 'hi' })
      expect(JSON.stringify(answer.data?.['list'])).toBe('[{"__proto__":{"a":1}}]')
    }
    expect(({} as Record<string, unknown>)['a']).toBeUndefined()
  })

  test.each<[string, Partial<SubgraphRequest>, Partial<SubgraphRequest>]>([
    ['text', {}, { operation: operationOf('{ hello { name again: name } }') }],
    ['variables', { variables: { id: '1' } }, { variables: { id: '2' } }],
    ['a variable and none', {}, { variables: { id: null } }],
    ['company', {}, { access: accessOf({ company: 'other' }) }],
    ['consumer', {}, { access: accessOf({ consumer: 'northwind-foods' }) }],
    ['party', {}, { access: accessOf({ party: 'sales' }) }],
    [
      'claims',
      { access: accessOf({ claims: { customer: 'c1' } }) },
      { access: accessOf({ claims: { customer: 'c2' } }) }
    ],
    [
      'scopes',
      { access: accessOf({ read: { Order: [{ customerId: ['c1'] }] } }) },
      { access: accessOf({ read: { Order: [{}] } }) }
    ],
    ['what may be written', {}, { access: accessOf({ write: { Order: [{}] } }) }],
    ['the position to read after', {}, { access: accessOf({ readAfter: 5 }) }],
    ['language', {}, { access: accessOf({ language: 'zh' }) }],
    ['a forwarded header', { headers: { authorization: 'Bearer é1' } }, { headers: { authorization: 'Bearer é2' } }],
    ['a forwarded header and none', {}, { headers: { authorization: '' } }]
  ])('are not those that differ in %s', async (_, one, other) => {
    await using subgraph = await holding()
    await using executor = open(subgraph.url)
    const both = Promise.all([executor.execute({ ...query, ...one }), executor.execute({ ...query, ...other })])
    await subgraph.arrived(2)
    subgraph.release()
    await both
    expect(subgraph.asked).toHaveLength(2)
  })

  test.each<[string, (long: string) => Partial<SubgraphRequest>]>([
    ['variables', text => ({ variables: { text } })],
    ['claims', customer => ({ access: accessOf({ claims: { customer } }) })],
    ['headers', authorization => ({ headers: { authorization } })],
    ['text', text => ({ operation: operationOf(`{ hello(name: "${text}") { name } }`) })]
  ])('are not those that differ in one character of long %s, wherever it is', async (_, over) => {
    await using subgraph = await holding()
    await using executor = open(subgraph.url)
    const texts = Array.from({ length: 50 }, (_, at) => `${'x'.repeat(at)}y${'x'.repeat(5_000 - at)}`)
    const all = Promise.all(texts.map(text => executor.execute({ ...query, ...over(text) })))
    await subgraph.arrived(50)
    subgraph.release()
    await all
    expect(subgraph.asked).toHaveLength(50)
  })

  test('are those that differ in what the subgraph never sees', async () => {
    await using subgraph = await holding()
    await using executor = open(subgraph.url)
    const both = Promise.all([
      executor.execute({ ...query, headers: { cookie: 'a' }, trace: { traceparent: '00-1-2-01' } }),
      executor.execute({ ...query, headers: { cookie: 'b' }, trace: { traceparent: '00-3-4-01' } })
    ])
    await subgraph.arrived(1)
    subgraph.release()
    await both
    expect(subgraph.asked).toHaveLength(1)
  })

  test('give each of ten callers the answer to its own variables, on warm connections too', async () => {
    await using subgraph = await holding()
    subgraph.release()
    await using executor = open(subgraph.url)
    const ask = (id: number) => executor.execute({ ...query, variables: { id } })
    for (let id = 0; id < 5; id++) await ask(id)
    await Promise.all(Array.from({ length: 10 }, (_, id) => ask(id)))
    expect(subgraph.asked.map(({ body }) => JSON.parse(body).variables.id).sort()).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9
    ])
  })

  test('are asked again once there is an answer: nothing is kept', async () => {
    await using subgraph = await holding()
    subgraph.release()
    await using executor = open(subgraph.url)
    await executor.execute(query)
    await executor.execute(query)
    expect(subgraph.asked).toHaveLength(2)
  })

  test('fail together, and the next one is asked afresh', async () => {
    await using subgraph = await holding('no JSON')
    await using executor = open(subgraph.url)
    const both = Promise.allSettled([executor.execute(query), executor.execute(query)])
    await subgraph.arrived(1)
    subgraph.release()
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(subgraph.asked).toHaveLength(1)
    await expect(executor.execute(query)).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    expect(subgraph.asked).toHaveLength(2)
  })

  test('are each asked when the settings say so', async () => {
    await using subgraph = await holding()
    await using executor = open(subgraph.url, { dedupe: false })
    const both = Promise.all([executor.execute(query), executor.execute(query)])
    await subgraph.arrived(2)
    subgraph.release()
    await both
  })
})

describe('mutations', () => {
  test('are never joined: ten identical ones are carried out ten times', async () => {
    await using subgraph = await holding()
    await using executor = open(subgraph.url)
    const all = Promise.all(Array.from({ length: 10 }, () => executor.execute(mutation)))
    await subgraph.arrived(10)
    subgraph.release()
    await all
    expect(subgraph.asked).toHaveLength(10)
  })

  test('through any executor keep later queries from joining those that started before they ended', async () => {
    const writes = createWrites()
    await using orders = await holding()
    await using stock = await holding()
    await using asking = open(orders.url, { writes })
    await using writing = open(stock.url, { writes, subgraph: 'stock' })
    const before = asking.execute(query)
    await orders.arrived(1)

    const written = writing.execute(mutation)
    const during = [asking.execute(query), asking.execute(query)]
    await orders.arrived(2)
    stock.release()
    await written

    const after = [asking.execute(query), asking.execute(query)]
    await orders.arrived(3)
    orders.release()
    await Promise.all([before, ...during, ...after])
    expect(orders.asked).toHaveLength(3)
  })

  test('that fail keep later queries apart, too', async () => {
    await using subgraph = await holding('no JSON')
    await using executor = open(subgraph.url)
    const before = executor.execute(query).catch(() => null)
    await subgraph.arrived(1)
    const stop = new AbortController()
    const written = executor.execute({ ...mutation, signal: stop.signal }).catch(() => null)
    const during = executor.execute(query).catch(() => null)
    await subgraph.arrived(3)
    stop.abort()
    await written
    const after = executor.execute(query).catch(() => null)
    await subgraph.arrived(4)
    subgraph.release()
    await Promise.all([before, during, after])
  })
})

describe('a client that goes away', () => {
  const gone = new Fault('TIMEOUT', 'The client went away.')

  test('does not take the others’ answer with it when it asked first', async () => {
    await using subgraph = await holding()
    await using executor = open(subgraph.url)
    const stop = new AbortController()
    const leader = executor.execute({ ...query, signal: stop.signal }).catch((error: unknown) => error)
    const follower = executor.execute({ ...query, signal: new AbortController().signal })
    await subgraph.arrived(1)
    stop.abort(gone)
    expect(await leader).toBe(gone)
    subgraph.release()
    expect((await follower).data).toEqual({ hello: { name: 'hi' } })
    expect(subgraph.asked).toHaveLength(1)
    expect(subgraph.dropped).toBe(0)
  })

  test('does not take the others’ answer with it when it joined', async () => {
    await using subgraph = await holding()
    await using executor = open(subgraph.url)
    const stop = new AbortController()
    const leader = executor.execute(query)
    const follower = executor.execute({ ...query, signal: stop.signal }).catch((error: unknown) => error)
    await subgraph.arrived(1)
    stop.abort(gone)
    expect(await follower).toBe(gone)
    subgraph.release()
    expect((await leader).data).toEqual({ hello: { name: 'hi' } })
    expect(subgraph.asked).toHaveLength(1)
  })

  test('ends the request when nobody else waits for it, and the next one is asked afresh', async () => {
    await using subgraph = await holding()
    await using executor = open(subgraph.url)
    const stop = new AbortController()
    const both = [1, 2].map(() => executor.execute({ ...query, signal: stop.signal }).catch((error: unknown) => error))
    await subgraph.arrived(1)
    stop.abort(gone)
    expect(await Promise.all(both)).toEqual([gone, gone])
    await subgraph.drop(1)
    const next = executor.execute(query)
    await subgraph.arrived(2)
    subgraph.release()
    expect((await next).data).toEqual({ hello: { name: 'hi' } })
  })
})
