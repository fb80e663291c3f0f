import { getEventListeners } from 'node:events'
import type { Logger } from 'pino'
import { Fault } from '../../../platform/errors.ts'
import type { Executor, SubgraphRequest } from '../../../platform/executor/executor.ts'
import { createLogger } from '../../../platform/logger.ts'
import type { Access } from '../../../platform/scope/scope.ts'
import { accessOf } from '../../platform/support.ts'
import { operationOf, type ProbeSubgraph, probeSubgraph } from './subgraph.ts'

/** Opens an executor over the subgraph; what it opens beside that is closed with it. */
export type OpenExecutor = (subgraph: ProbeSubgraph, logger: Logger) => Promise<Executor>

/** What every executor promises. */
export function executorSuite(open: OpenExecutor): void {
  let subgraph: ProbeSubgraph
  let executor: Executor
  let logged: string[]

  beforeEach(async () => {
    logged = []
    subgraph = probeSubgraph()
    executor = await open(subgraph, createLogger('info', { write: line => void logged.push(line) }))
  })
  afterEach(async () => {
    subgraph.release()
    await executor[Symbol.asyncDispose]()
  })

  const ask = (text: string, over: Partial<SubgraphRequest> = {}) =>
    executor.execute({ operation: operationOf(text), variables: {}, access: accessOf(), ...over })

  test('answers data for variables', async () => {
    const variables = { id: '7', name: 'wörld 世界' }
    const { data, extensions } = await ask(
      'query ($id: ID!, $name: String) { hello(name: $name) again: order(id: $id) { id number } }',
      { variables }
    )
    expect(plain({ data, extensions })).toEqual({
      data: { hello: 'hello wörld 世界', again: { id: '7', number: 'N-7' } },
      extensions: {}
    })
  })

  test('answers entities, null for the one that is gone', async () => {
    const representations = [
      { __typename: 'Order', id: 'a' },
      { __typename: 'Order', id: 'gone' }
    ]
    const text =
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Order { number } } }'
    const { data } = await ask(text, { variables: { representations } })
    expect(plain(data)).toEqual({ _entities: [{ number: 'N-a' }, null] })
  })

  test('gives the access to the resolvers intact', async () => {
    const access: Access = {
      company: 'demo',
      consumer: 'customer-1001',
      party: 'customer',
      claims: { customer: 'c-1001', 名: '李雷' },
      read: { Order: [{ customerId: ['c-1001'] }, {}], Return: [] },
      write: { Order: [{ customerId: ['c-1001'], channel: ['DIRECT', 'WECHAT'] }] },
      readAfter: 3,
      language: 'zh'
    }
    await ask('{ hello }', { access })
    expect(subgraph.seen).toEqual([access])
  })

  test('keeps data beside errors, and says their paths', async () => {
    const { data, errors } = await ask('{ orders(ids: ["1", "2"]) { id broken } }')
    expect(plain(data)).toEqual({
      orders: [
        { id: '1', broken: null },
        { id: '2', broken: null }
      ]
    })
    expect(errors?.map(error => error.path)).toEqual([
      ['orders', 0, 'broken'],
      ['orders', 1, 'broken']
    ])
  })

  test('passes faults and GraphQL errors on as they are', async () => {
    const { data, errors } = await ask('{ faulty refuses }')
    expect(plain(data)).toEqual({ faulty: null, refuses: null })
    expect(plain(errors)).toEqual([
      { message: 'Start again from the oldest.', path: ['faulty'], extensions: { code: 'CURSOR_EXPIRED', oldest: 4 } },
      { message: 'Not like this.', path: ['refuses'], extensions: { code: 'BAD_USER_INPUT', argument: 'name' } }
    ])
    expect(logged).toEqual([])
  })

  test.each([
    ['{ breaks }', 'SELECT secret', 'breaks'],
    ['{ throwsText }', 'a bare text', 'throwsText'],
    ['{ strict }', 'Cannot return null', 'strict']
  ])('shows a bug in %s as INTERNAL with the id under which it is logged', async (text, secret, field) => {
    const { errors } = await ask(text)
    expect(errors).toHaveLength(1)
    const [error] = errors ?? []
    expect(error).toMatchObject({ path: [field], extensions: { code: 'INTERNAL' } })
    expect(JSON.stringify(errors)).not.toContain(secret)
    expect(logged).toHaveLength(1)
    expect(logged[0]).toContain(secret)
    expect(logged[0]).toContain(String(error?.extensions?.['id']))
  })

  test('answers a null root for a null in a non-null field', async () => {
    expect((await ask('{ strict hello }')).data).toBeNull()
  })

  test('says BAD_USER_INPUT for a variable that does not fit, and runs nothing', async () => {
    const text = 'query ($input: Filter) { hello kind(input: $input) }'
    const { data, errors } = await ask(text, { variables: { input: { channel: 'MARS' } } })
    expect(data).toBeNull()
    expect(errors?.map(error => error.extensions?.['code'])).toEqual(['BAD_USER_INPUT'])
    expect(subgraph.seen).toEqual([])
  })

  test('sends the position of what a mutation wrote', async () => {
    const { data, extensions } = await ask('mutation { pay(id: "1") { number } }')
    expect(plain({ data, extensions })).toEqual({ data: { pay: { number: 'N-1' } }, extensions: { position: 7 } })
  })

  test('says stale when the room did not reach the position to read after, and only then', async () => {
    expect((await ask('{ hello }', { access: accessOf({ readAfter: 10 }) })).extensions).toEqual({})
    expect((await ask('{ hello }', { access: accessOf({ readAfter: 11 }) })).extensions).toEqual({ stale: true })
  })

  test('refuses a request whose time is already over, and runs nothing', async () => {
    const failed = await ask('{ hello }', { signal: AbortSignal.abort() }).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'TIMEOUT', details: { subgraph: 'probe' } })
    expect(subgraph.seen).toEqual([])
  })

  test('gives up with TIMEOUT when the signal fires, and serves the next request', async () => {
    const failed = await ask('{ hangs }', { signal: AbortSignal.timeout(50) }).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(Fault)
    expect(failed).toMatchObject({ code: 'TIMEOUT', details: { subgraph: 'probe' } })
    expect((await ask('{ hello }')).data).toEqual({ hello: 'hello you' })
  })

  test('gives up with the fault that the caller gives as its reason', async () => {
    const stop = new AbortController()
    const failed = ask('{ hangs }', { signal: stop.signal }).catch((error: unknown) => error)
    const reason = new Fault('GRANT_WITHDRAWN', 'The contract ended.')
    stop.abort(reason)
    expect(await failed).toBe(reason)
  })

  test('puts one listener on a signal, however many requests it outlives', async () => {
    const { signal } = new AbortController()
    for (let i = 0; i < 3; i++) await Promise.all([ask('{ hello }', { signal }), ask('{ hello }', { signal })])
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  })

  test('answers names that every object inherits as fields of their own', async () => {
    const { data } = await ask('{ __proto__: hello constructor: hello(name: "c") toString: hello }')
    expect(Object.keys(data ?? {})).toEqual(['__proto__', 'constructor', 'toString'])
    expect(Object.getOwnPropertyDescriptor(data, '__proto__')?.value).toBe('hello you')
    expect(({} as Record<string, unknown>)['hello']).toBeUndefined()
  })

  test('takes variables without a prototype, and names in them that every object inherits', async () => {
    const input = Object.assign(Object.create(null), { channel: 'JD' }) as Record<string, unknown>
    const variables = Object.assign(Object.create(null), { input }) as Record<string, unknown>
    expect((await ask('query ($input: Filter) { kind(input: $input) }', { variables })).data).toEqual({ kind: 'JD' })

    const forged = JSON.parse('{"input":{"__proto__":{"channel":"JD"}}}') as Record<string, unknown>
    const { errors } = await ask('query ($input: Filter) { kind(input: $input) }', { variables: forged })
    expect(new Set(errors?.map(error => error.extensions?.['code']))).toEqual(new Set(['BAD_USER_INPUT']))
    expect(({} as Record<string, unknown>)['channel']).toBeUndefined()
  })

  test('keeps concurrent requests apart', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `n${i}`)
    const answers = await Promise.all(
      names.map(name =>
        ask('query ($name: String) { hello(name: $name) }', {
          variables: { name },
          access: accessOf({ consumer: name })
        })
      )
    )
    expect(answers.map(answer => answer.data?.['hello'])).toEqual(names.map(name => `hello ${name}`))
    expect(new Set(subgraph.seen.map(access => access.consumer)).size).toBe(50)
  })

  test('asks identical queries that are on their way at once once, and gives each data of its own', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask('{ hello order(id: "1") { id } }', { access: accessOf() }))
    )
    expect(subgraph.seen).toHaveLength(1)
    Object.assign(answers[0]?.data?.['order'] ?? {}, { id: 'changed' })
    for (const { data } of answers.slice(1)) expect(plain(data)).toEqual({ hello: 'hello you', order: { id: '1' } })
  })

  test('asks queries of different callers one by one', async () => {
    await Promise.all([
      ask('{ hello }'),
      ask('{ hello }', { access: accessOf({ claims: { supplier: 's1' } }) }),
      ask('{ hello }', { access: accessOf({ readAfter: 3 }) }),
      ask('{ hello }', { access: accessOf({ language: 'zh' }) })
    ])
    expect(subgraph.seen).toHaveLength(4)
  })

  test('carries every mutation out, and lets no query join one that started before it', async () => {
    const pay = 'mutation { pay(id: "1") { number } }'
    await Promise.all([ask('{ hello }'), ask(pay), ask('{ hello }'), ask(pay), ask('{ hello }'), ask('{ hello }')])
    expect(subgraph.seen).toHaveLength(5)
  })

  test('keeps an answer for those who wait when the one who asked first goes away', async () => {
    const stop = new AbortController()
    const first = ask('{ hangs hello }', { signal: stop.signal }).catch((error: unknown) => error)
    const second = ask('{ hangs hello }')
    stop.abort()
    expect(await first).toMatchObject({ code: 'TIMEOUT' })
    subgraph.release()
    expect((await second).data).toEqual({ hangs: 'late', hello: 'hello you' })
    expect(subgraph.seen).toHaveLength(1)
  })
}

/** As JSON, so that objects with and without a prototype compare alike. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
