import { DEFAULT_LIMITS } from '../../gateway/prepare/limits.ts'
import { type HttpDoor, startHttpDoor } from '../support/http-door.ts'

const SDL = `
  type Query { name: String page(first: Int!): [Item!]! who: String }
  type Mutation { add(n: Int!): Int }
  type Subscription { tick: Int }
  type Item { id: ID! }`

const order: string[] = []
const root = {
  name: 'shop',
  page: () => [],
  who: 'me',
  add: async ({ n }: { n: number }) => {
    order.push(`begin ${n}`)
    await new Promise(resolve => setTimeout(resolve, 5))
    order.push(`end ${n}`)
    return n
  }
}

const start = (batch: number, limits = {}) =>
  startHttpDoor({ subgraphs: { only: { sdl: SDL, root } }, transport: { batch }, limits })

let door: HttpDoor
beforeAll(async () => {
  door = await start(4)
})
afterAll(() => door[Symbol.asyncDispose]())

const NAME = { query: '{ name }' }
const ok = { data: { name: 'shop' } }
const codes = (body: unknown) =>
  (body as { errors?: { extensions: { code: string } }[] }[]).map(
    ({ errors }) => errors?.[0]?.extensions.code ?? 'none'
  )

describe('a batch of operations', () => {
  test('is refused unless it is switched on', async () => {
    await using off = await start(0)
    const { status, body } = await off.post([NAME])
    expect([status, body.errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_REQUEST'])
  })

  test('is answered in its order, each operation for itself', async () => {
    const { status, body } = await door.post([NAME, { query: '{ nothing }' }, 5, NAME])
    expect(status).toBe(200)
    expect(codes(body)).toEqual(['none', 'GRAPHQL_VALIDATION_FAILED', 'BAD_REQUEST', 'none'])
    expect(body).toMatchObject([ok, {}, {}, ok])
  })

  test('holds as many as are allowed, and at least one', async () => {
    expect((await door.post([NAME, NAME, NAME, NAME])).status).toBe(200)
    const { status, body } = await door.post([NAME, NAME, NAME, NAME, NAME])
    expect([status, body.errors?.[0]?.extensions]).toEqual([400, { code: 'OPERATION_LIMIT', limit: 'batch' }])
    expect((await door.post([])).status).toBe(400)
    expect((await door.post(Array(10_000).fill(NAME))).status).toBe(400)
  })

  test('runs mutations one after the other', async () => {
    order.length = 0
    const mutation = (n: number) => ({ query: 'mutation ($n: Int!) { add(n: $n) }', variables: { n } })
    const { body } = await door.post([mutation(1), NAME, mutation(2), mutation(3)])
    expect(body).toEqual([{ data: { add: 1 } }, ok, { data: { add: 2 } }, { data: { add: 3 } }])
    expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3'])
  })

  test('holds no subscription, and runs the rest', async () => {
    const { body } = await door.post([{ query: 'subscription { tick }' }, NAME])
    expect(codes(body)).toEqual(['BAD_REQUEST', 'none'])
  })

  test('may cost no more than one operation', async () => {
    const page = { query: `{ page(first: ${DEFAULT_LIMITS.cost / 2}) { id } }` }
    expect((await door.post([page, page])).status).toBe(200)
    door.federation.calls.length = 0
    const { status, body } = await door.post([page, page, { query: '{ page(first: 1) { id } }' }])
    expect([status, body.errors?.[0]?.message]).toEqual([
      400,
      'The operations of the batch together may cost 5001, and the limit is 5000; send fewer at a time.'
    ])
    expect(door.federation.calls).toEqual([])
  })

  test('may select no more than one operation', async () => {
    await using strict = await start(4, { selections: 10 })
    const five = { query: '{ name who a: name b: name c: who }' }
    expect((await strict.post([five, five])).status).toBe(200)
    const { status, body } = await strict.post([five, five, NAME])
    expect([status, body.errors?.[0]?.message]).toEqual([
      400,
      'The operations of the batch together select more than 10 fields; send fewer at a time.'
    ])
  })

  test('that is too much together is counted by its limit, once', async () => {
    const limited: string[] = []
    await using strict = await startHttpDoor({
      subgraphs: { only: { sdl: SDL, root } },
      transport: { batch: 4 },
      limits: { selections: 10, cost: 10 },
      watch: { found() {}, compiled() {}, joined() {}, limited: limit => limited.push(limit) }
    })
    const five = { query: '{ name who a: name b: name c: who }' }
    await strict.post([five, five])
    expect(limited).toEqual([])
    await strict.post([five, five, NAME])
    const page = { query: '{ page(first: 5) { id } }' }
    await strict.post([page, page, page])
    expect(limited).toEqual(['selections', 'cost'])
  })

  test('has one caller, whatever its entries say', async () => {
    const claims = { extensions: { headers: { authorization: 'Bearer other' } }, authorization: 'Bearer other' }
    await door.post(
      [
        { ...NAME, ...claims },
        { query: '{ who }', ...claims }
      ],
      { authorization: 'Bearer supplier' }
    )
    expect(new Set(door.federation.calls.slice(-2).map(({ access }) => access.consumer))).toEqual(new Set(['supplier']))
  })

  test('is counted operation by operation', async () => {
    await using counted = await start(4)
    await counted.post([NAME, { query: '{ nothing }' }])
    const { values } = await counted.door.metrics.operations.get()
    expect(values.map(({ labels, value }) => `${labels.kind} ${labels.code} ${value}`).sort()).toEqual([
      'query none 1',
      'unknown GRAPHQL_VALIDATION_FAILED 1'
    ])
  })
})
