import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { change, eventually, type MadeOrder, submitOrder } from '../support/story.ts'

const EVERYTHING = `query Everything($id: ID!) {
  order(id: $id) {
    id number status statusCode placedAt note
    customer { id name }
    lines { sku quantity }
    returns { id status reason }
    intents { code }
    promise { promisedTo }
    productionOrders { id status }
  }
}`

let gateway: TestGateway
let order: MadeOrder
let other: MadeOrder

beforeAll(async () => {
  gateway = await startTestGateway()
  order = await submitOrder(gateway, 'WECHAT', {
    note: '急用，麻烦尽快发货',
    lines: [
      { sku: 'BRG-6204', name: 'bearing', quantity: 2, unitPrice: '38.00', supplierId: 'acme-bearings' },
      { sku: 'FOOD-NUTS', name: 'nuts', quantity: 1, unitPrice: '128.00', supplierId: 'northwind-foods' }
    ]
  })
  other = await submitOrder(gateway, 'DOUYIN', {
    lines: [{ sku: 'FOOD-NUTS', name: 'nuts', quantity: 1, unitPrice: '128.00', supplierId: 'northwind-foods' }]
  })
  await change(gateway, 'payOrder', 'PayOrderInput', 'order { id }', { orderId: order.id })
  const lineId = order.lines[0]?.id
  await change(gateway, 'requestReturn', 'RequestReturnInput', 'return { id }', {
    orderId: order.id,
    reason: 'UNWANTED',
    lines: [{ lineId, quantity: 1 }]
  })
  await eventually(
    async () => (await gateway.ask('operator', EVERYTHING, { id: order.id })).body.data?.['order'] as Everything,
    found =>
      found.intents.length > 0 &&
      found.promise !== null &&
      found.productionOrders.length > 0 &&
      found.returns[0]?.status === 'REQUESTED'
  )
}, 60_000)
afterAll(() => gateway[Symbol.asyncDispose]())

interface Everything {
  readonly intents: readonly { code: string }[]
  readonly promise: object | null
  readonly productionOrders: readonly object[]
  readonly returns: readonly { status: string }[]
  readonly placedAt: string
}

describe('one query over four rooms', () => {
  test('answers the sales department whole', async () => {
    const { body } = await gateway.ask('sales', EVERYTHING, { id: order.id })
    expect(body.errors).toBeUndefined()
    expect(body.data?.['order']).toMatchObject({
      status: 'PAID',
      statusCode: 1,
      note: '急用，麻烦尽快发货',
      customer: { name: '王芳' },
      returns: [{ status: 'REQUESTED' }],
      intents: [{ code: 'URGENT' }],
      promise: { promisedTo: expect.any(String) },
      productionOrders: [expect.objectContaining({ status: expect.any(String) }), expect.anything()]
    })
  })

  test('is planned as one fetch and one wave of the other rooms, and says so to an operator', async () => {
    gateway.asked.length = 0
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await gateway.token('operator')}` },
      body: JSON.stringify({ query: EVERYTHING, variables: { id: order.id }, extensions: { plan: true } })
    })
    const { extensions } = (await response.json()) as { extensions: { plan: { fetches: number; waves: number } } }
    expect(extensions.plan).toMatchObject({ fetches: 4, waves: 2 })
    expect(gateway.asked.map(({ subgraph }) => subgraph).sort()).toEqual(['orders', 'returns', 'routing', 'suppliers'])
  })

  test('as a supplier: what its contract does not grant does not exist, and no room is asked for it', async () => {
    gateway.asked.length = 0
    const { body } = await gateway.ask('acme-bearings', EVERYTHING, { id: order.id })
    expect(body).not.toHaveProperty('data')
    const refused = (body.errors ?? []).map(({ message }) => message).join('\n')
    expect(refused).toMatch(/"customer"/)
    expect(refused).toMatch(/"note"/)
    expect(refused).not.toMatch(/did you mean/i)
    expect(gateway.asked).toEqual([])
  })

  test('as a supplier: it sees its own lines of its own orders, masked', async () => {
    const query = `query ($id: ID!) { order(id: $id) { id status placedAt lines { sku } productionOrders { status } } }`
    gateway.asked.length = 0
    const { body } = await gateway.ask('acme-bearings', query, { id: order.id })
    expect(body.errors).toBeUndefined()
    expect(body.data?.['order']).toMatchObject({
      placedAt: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      lines: [{ sku: 'BRG-6204' }]
    })
    expect(gateway.asked.map(({ text }) => text).join()).not.toMatch(/note|customer/)
    expect((await gateway.ask('acme-bearings', query, { id: other.id })).body.data).toEqual({ order: null })
  })

  test('as the partner of one channel: the orders of others do not exist', async () => {
    const query = '{ orders(first: 50) { totalCount nodes { id channel } } }'
    expect((await gateway.ask('mall-partner', query)).body).toEqual({
      data: { orders: { totalCount: 1, nodes: [{ id: order.id, channel: 'WECHAT' }] } }
    })
    const one = 'query ($id: ID!) { order(id: $id) { id } }'
    const foreign = await gateway.ask('mall-partner', one, { id: other.id })
    const absent = await gateway.ask('mall-partner', one, { id: 'ord_doesnotexist' })
    expect(foreign).toEqual(absent)
  })

  test('without a token nothing is answered and no room is asked', async () => {
    gateway.asked.length = 0
    const { status, body } = await gateway.ask(null, EVERYTHING, { id: order.id })
    expect([status, body.errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED'])
    expect(gateway.asked).toEqual([])
  })

  test('introspection shows each caller its own view', async () => {
    const fields = async (consumer: string) => {
      const { body } = await gateway.ask(consumer, '{ __type(name: "Order") { fields { name } } }')
      return ((body.data?.['__type'] as { fields: { name: string }[] } | null)?.fields ?? []).map(({ name }) => name)
    }
    expect(await fields('operator')).toEqual(expect.arrayContaining(['note', 'customer', 'placedAt']))
    expect(await fields('acme-bearings')).not.toEqual(expect.arrayContaining(['note']))
    expect(await fields('acme-bearings')).not.toContain('metScopes')
    expect(await fields('operator')).not.toContain('metScopes')
    expect(await fields('northwind-foods')).toEqual([])
  })
})

describe('bad input gets a clear error, and the process lives', () => {
  test.each([
    ['an unknown field', '{ orders { nodes { nothing } } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a wrong type', 'query ($n: Int!) { orders(first: $n) { totalCount } }', { n: 'ten' }, 'BAD_USER_INPUT'],
    ['a syntax error', '{ orders { ', {}, 'GRAPHQL_PARSE_FAILED'],
    ['a page over the limit', '{ orders(first: 100000) { totalCount } }', {}, 'BAD_USER_INPUT']
  ])('%s', async (_, query, variables, code) => {
    const { body } = await gateway.ask('sales', query, variables)
    expect(body.errors?.[0]?.extensions['code']).toBe(code)
  })

  test('a value of thousands of characters is not repeated whole', async () => {
    const { body } = await gateway.ask('operator', `{ pulse(window: "${'x'.repeat(50_000)}") { health } }`)
    expect(body.errors?.[0]?.message.length).toBeLessThan(400)
  })

  test('a missing order is null, and changing it is refused', async () => {
    expect((await gateway.ask('sales', '{ order(id: "ord_nowhere") { id } }')).body).toEqual({ data: { order: null } })
    const { body } = await gateway.ask(
      'operator',
      'mutation { payOrder(input: { idempotencyKey: "missing", orderId: "ord_nowhere" }) { order { id } userErrors { code } } }'
    )
    expect(body.data?.['payOrder']).toEqual({ order: null, userErrors: [{ code: 'NOT_FOUND' }] })
  })

  test('an illegal transition says what is allowed, in the caller’s language', async () => {
    const query =
      'mutation ($id: ID!, $key: String!) { confirmReceipt(input: { idempotencyKey: $key, orderId: $id }) { userErrors { code message } } }'
    const inEnglish = await gateway.ask('operator', query, { id: other.id, key: 'illegal-en' })
    const inChinese = await gateway.ask(
      'operator',
      query,
      { id: other.id, key: 'illegal-zh' },
      { 'accept-language': 'zh-CN' }
    )
    const refusal = (answer: typeof inEnglish) =>
      (answer.body.data?.['confirmReceipt'] as { userErrors: { code: string; message: string }[] } | undefined)
        ?.userErrors[0]
    expect(refusal(inEnglish)).toMatchObject({
      code: 'INVALID_TRANSITION',
      message: expect.stringMatching(/payOrder|cancelOrder|PAID|CANCELLED/)
    })
    expect(refusal(inChinese)?.message).toMatch(/[\u4e00-\u9fff]/)
  })
})
