import { buildSchema } from 'graphql'
import { metScopes, type RowScope, type ScopeKeys } from '../../../platform/scope/scope.ts'
import type { View } from '../../../policies/view.ts'
import { federate, overTheWire, type SubgraphContext } from '../../support/federation.ts'

interface Row {
  readonly __typename: string
  readonly id: string
  readonly channel: string
  readonly region: string
  readonly note: string
}

const ROWS: readonly Row[] = [
  { __typename: 'Order', id: '1', channel: 'JD', region: 'north', note: 'n1' },
  { __typename: 'Order', id: '2', channel: 'JD', region: 'south', note: 'n2' },
  { __typename: 'Order', id: '3', channel: 'DOUYIN', region: 'north', note: 'n3' }
]

const keysOf = ({ id, channel, region }: Row): ScopeKeys => ({
  company: 'demo',
  orderId: id,
  channel,
  customerId: null,
  supplierIds: [],
  region,
  carrier: null
})
const bits = (row: Row, { access }: SubgraphContext) => metScopes(keysOf(row), access.read['Order'])
const visible = (context: SubgraphContext) => ROWS.filter(row => bits(row, context) !== 0)

/** What the second room knows of a row's region: its shadow may be another. */
const shadow = new Map<string, string>()

const SUBGRAPHS = {
  orders: {
    sdl: `
      type Query { orders: [Order!]! order(id: ID!): Order any: [Thing!]! one: Thing found: [Found!]! }
      interface Thing { id: ID! note: String }
      union Found = Order | Secret
      type Order implements Thing @key(fields: "id") {
        id: ID! note: String placedAt: String! tags: [String!]! amount: Int! status: Status
        metScopes: Int! @inaccessible @shareable
      }
      enum Status { OPEN FRAUD }
      type Secret implements Thing @key(fields: "id") { id: ID! note: String code: String }`,
    resolvers: {
      Order: {
        __resolveReference: ({ id }: Row, context: SubgraphContext) => visible(context).find(row => row.id === id),
        metScopes: (row: Row, _: unknown, context: SubgraphContext) => bits(row, context),
        placedAt: ({ id }: Row) => `2026-03-0${id}T10:20:30.000Z`,
        tags: ({ id }: Row) => [`a${id}`, `b${id}`],
        amount: ({ id }: Row) => Number(id) * 100,
        status: ({ id }: Row) => (id === '2' ? 'FRAUD' : 'OPEN')
      }
    } as never,
    root: {
      orders: (_: unknown, context: SubgraphContext) => visible(context),
      order: ({ id }: Row, context: SubgraphContext) => visible(context).find(row => row.id === id),
      any: [ROWS[0], { __typename: 'Secret', id: 's', note: 'hush', code: '007' }, ROWS[1]],
      one: { __typename: 'Secret', id: 's', note: 'hush', code: '007' },
      found: [{ __typename: 'Secret', id: 's', note: 'hush', code: '007' }, ROWS[2]]
    }
  },
  returns: {
    sdl: `
      type Query { returns: [Return!]! }
      type Return { id: ID! order: Order! }
      type Order @key(fields: "id") { id: ID! openReturns: Int reason: String metScopes: Int! @inaccessible @shareable }`,
    resolvers: {
      Order: {
        __resolveReference: ({ id }: Row) => ROWS.find(row => row.id === id),
        metScopes: (row: Row, _: unknown, { access }: SubgraphContext) =>
          metScopes({ ...keysOf(row), region: shadow.get(row.id) ?? row.region }, access.read['Order']),
        openReturns: () => 1,
        reason: ({ id }: Row) => `reason ${id}`
      }
    } as never,
    root: { returns: ROWS.map(row => ({ id: `r${row.id}`, order: row })) }
  },
  stubs: {
    sdl: `
      type Query { links: [Link!]! }
      type Link { order: Order }
      type Order @key(fields: "id", resolvable: false) { id: ID! }`,
    root: { links: ROWS.map(({ id }) => ({ order: { __typename: 'Order', id } })) }
  }
}

const federation = federate(SUBGRAPHS)
const { view: open } = federation

/** All rows of JD under scope 0, all rows of the north under scope 1. */
const SCOPES: readonly RowScope[] = [{ channel: ['JD'] }, { region: ['north'] }]
const access = () => ({ read: { Order: SCOPES }, write: {} })

beforeEach(() => {
  federation.calls.length = 0
  shadow.clear()
})
const asked = () => federation.calls.map(call => call.text).join('\n')

describe('cells that depend on the row', () => {
  const view: View = {
    ...open,
    id: 'cells',
    access,
    cells: new Map([
      ['Order', new Map(Object.entries({ id: 0b11, note: 0b01, placedAt: 0b10, openReturns: 0b11, reason: 0b01 }))]
    ]),
    schema: buildSchema(`
      type Query { orders: [Order!]! order(id: ID!): Order returns: [Return!]! links: [Link!]! any: [Thing!]! }
      interface Thing { id: ID note: String }
      type Order implements Thing { id: ID note: String placedAt: String amount: Int openReturns: Int reason: String }
      type Return { id: ID! order: Order }
      type Link { order: Order }`)
  }
  const run = async (query: string) => overTheWire(await federation.run(query, {}, { view }))

  test('show where a scope that the row met grants them, and are null elsewhere', async () => {
    expect(await run('{ orders { id note n: note placedAt } }')).toEqual({
      data: {
        orders: [
          { id: '1', note: 'n1', n: 'n1', placedAt: '2026-03-01T10:20:30.000Z' },
          { id: '2', note: 'n2', n: 'n2', placedAt: null },
          { id: '3', note: null, n: null, placedAt: '2026-03-03T10:20:30.000Z' }
        ]
      }
    })
  })

  test('hold in every room that is asked for the row', async () => {
    expect(await run('{ returns { order { reason openReturns } } }')).toEqual({
      data: {
        returns: [
          { order: { reason: 'reason 1', openReturns: 1 } },
          { order: { reason: 'reason 2', openReturns: 1 } },
          { order: { reason: null, openReturns: 1 } }
        ]
      }
    })
  })

  test('show only what all rooms agree on', async () => {
    shadow.set('1', 'south')
    expect(await run('{ order(id: "1") { placedAt note } }')).toMatchObject({
      data: { order: { placedAt: expect.any(String) } }
    })
    expect(await run('{ order(id: "1") { placedAt note reason } }')).toEqual({
      data: { order: { placedAt: null, note: 'n1', reason: 'reason 1' } }
    })
  })

  test('are decided by a room that knows the row when another has but its key', async () => {
    expect(await run('{ links { order { id placedAt } } }')).toEqual({
      data: {
        links: [
          { order: { id: '1', placedAt: '2026-03-01T10:20:30.000Z' } },
          { order: { id: '2', placedAt: null } },
          { order: { id: '3', placedAt: '2026-03-03T10:20:30.000Z' } }
        ]
      }
    })
    expect(await run('{ links { order { id } } }')).toMatchObject({ data: { links: [{ order: { id: '1' } }, {}, {}] } })
  })

  test('are null where no room says which scopes the row met', async () => {
    federation.intercept = () => ({
      data: {
        orders: [
          { id: '1', note: 'n1' },
          { id: '2', note: 'n2', __met: '3' }
        ]
      }
    })
    const result = await run('{ orders { id note amount } }')
    federation.intercept = null
    expect(result).toMatchObject({
      data: {
        orders: [
          { id: null, note: null },
          { id: null, note: null }
        ]
      }
    })
  })

  test('say nothing of what failed in a cell that is not granted', async () => {
    federation.intercept = () => ({
      data: {
        orders: [
          { __met: 2, note: null },
          { __met: 1, note: null }
        ]
      },
      errors: [
        { message: 'a', path: ['orders', 0, 'note'], extensions: { code: 'NOT_FOUND' } },
        { message: 'b', path: ['orders', 1, 'note'], extensions: { code: 'NOT_FOUND' } }
      ]
    })
    const result = await run('{ orders { note } }')
    federation.intercept = null
    expect(result).toEqual({
      data: { orders: [{ note: null }, { note: null }] },
      errors: [{ message: 'b', path: ['orders', 1, 'note'], extensions: { code: 'NOT_FOUND' } }]
    })
  })

  test('behind an interface are those of the row’s type', async () => {
    expect(await run('{ any { __typename note ... on Order { placedAt } } }')).toEqual({
      data: {
        any: [
          { __typename: 'Order', note: 'n1', placedAt: '2026-03-01T10:20:30.000Z' },
          { __typename: 'Order', note: 'n2', placedAt: null }
        ]
      }
    })
  })

  test('are asked for under a key that the client cannot take, and that never leaves', async () => {
    const { data } = await run('{ orders { __met: note x: amount } order(id: "1") { __met: amount } }')
    expect(asked()).toMatch(/__met: ?metScopes/)
    expect(asked()).not.toMatch(/__met: ?note/)
    expect(data).toMatchObject({ orders: [{ __met: 'n1' }, { __met: 'n2' }, { __met: null }], order: { __met: 100 } })
  })

  test('cannot be asked for by the client', () => {
    expect(() =>
      federation.engine.prepare(
        { query: '{ orders { metScopes } }' },
        {
          view,
          consumer: { id: 'x', kind: 'operator', party: 'o', company: 'c', claims: {} },
          language: 'en',
          readAfter: null
        }
      )
    ).toThrow(/Cannot query field "metScopes"/)
  })

  test('cost nothing where none depends on the row', async () => {
    await federation.run('{ orders { note } }', {}, { view: { ...open, access } })
    expect(asked()).not.toContain('metScopes')
  })
})

describe('masks', () => {
  const mask = (name: string, apply: (value: unknown) => unknown) => ({ name, apply })
  const view: View = {
    ...open,
    id: 'masks',
    access,
    masks: new Map([
      ['Order.placedAt', mask('day', value => String(value).slice(0, 10))],
      ['Order.tags', mask('upper', value => String(value).toUpperCase())],
      [
        'Order.amount',
        mask('broken', () => {
          throw new Error('no')
        })
      ],
      ['Order.note', mask('length', value => String(value).length)]
    ]),
    schema: buildSchema(`
      type Query { orders: [Order!]! any: [Thing!]! }
      interface Thing { id: ID! note: Int }
      type Order implements Thing { id: ID! note: Int placedAt: Date! tags: [String!]! amount: Int }
      scalar Date`)
  }

  test('change what is shown, in lists and behind interfaces too', async () => {
    const result = await federation.run(
      '{ orders { d: placedAt tags note } any { note ... on Order { placedAt } } }',
      {},
      { view }
    )
    expect(overTheWire(result)).toEqual({
      data: {
        orders: [1, 2, 3].map(i => ({ d: `2026-03-0${i}`, tags: [`A${i}`, `B${i}`], note: 2 })),
        any: [
          { note: 2, placedAt: '2026-03-01' },
          { note: 2, placedAt: '2026-03-02' }
        ]
      }
    })
  })

  test('that fail show nothing', async () => {
    const { data, errors } = await federation.run('{ orders { amount } }', {}, { view })
    expect(overTheWire(data)).toEqual({ orders: [{ amount: null }, { amount: null }, { amount: null }] })
    expect(errors?.[0]?.extensions).toEqual({ code: 'INTERNAL' })
  })
})

describe('what a view hides', () => {
  const view: View = {
    ...open,
    id: 'hides',
    access,
    schema: buildSchema(`
      type Query { any: [Thing!]! one: Thing found: [Found!]! orders: [Order!]! }
      interface Thing { id: ID! note: String }
      union Found = Order
      type Order implements Thing { id: ID! note: String status: Status openReturns: Int }
      enum Status { OPEN }`)
  }
  const run = async (query: string) => overTheWire(await federation.run(query, {}, { view }))

  test('rows of a hidden type are left out of lists, and are null elsewhere', async () => {
    expect(await run('{ any { __typename id note } one { id } found { __typename ... on Order { id } } }')).toEqual({
      data: {
        any: [
          { __typename: 'Order', id: '1', note: 'n1' },
          { __typename: 'Order', id: '2', note: 'n2' }
        ],
        one: null,
        found: [{ __typename: 'Order', id: '3' }]
      }
    })
  })

  test('nothing of a hidden type is asked for', async () => {
    await run(
      '{ any { ...T } one { note } found { __typename } } fragment T on Thing { note ... on Order { openReturns } }'
    )
    expect(asked()).toMatch(/\.\.\. ?on Order/)
    expect(asked()).not.toContain('Secret')
    const [first] = federation.calls
    expect(first?.text.replace(/\.\.\. ?on Order ?\{[^}]*\}/g, '')).not.toContain('note')
  })

  test('a row whose type nobody says is not shown', async () => {
    federation.intercept = () => ({
      data: {
        any: [
          { id: '1', note: 'x' },
          { __typename: 'Thing', id: '2' }
        ]
      }
    })
    const result = await run('{ any { id note } }')
    federation.intercept = null
    expect(result).toEqual({ data: { any: [] } })
  })

  test('a hidden enum value is null', async () => {
    expect(await run('{ orders { status } }')).toEqual({
      data: { orders: [{ status: 'OPEN' }, { status: null }, { status: 'OPEN' }] }
    })
  })

  test('one caller’s view is never another’s, on a warm cache', async () => {
    const query = '{ found { __typename } }'
    for (let round = 0; round < 2; round++) {
      expect(await run(query)).toEqual({ data: { found: [{ __typename: 'Order' }] } })
      expect(overTheWire((await federation.run(query)).data)).toEqual({
        found: [{ __typename: 'Secret' }, { __typename: 'Order' }]
      })
    }
  })

  test('a request runs under the view that it was prepared for, or not at all', async () => {
    const { engine } = federation
    const who = {
      consumer: { id: 'x', kind: 'operator', party: 'o', company: 'c', claims: {} },
      language: 'en',
      readAfter: null
    } as const
    const prepared = engine.prepare({ query: '{ found { __typename } }' }, { ...who, view: open })
    await expect(engine.execute(prepared, { ...who, view })).rejects.toThrow('the view that it was prepared for')
  })
})
