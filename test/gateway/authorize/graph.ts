import { authorizedViews, type Mode } from '../../../gateway/authorize/authorized-view.ts'
import { ANONYMOUS, type Grants } from '../../../gateway/authorize/grants.ts'
import { accessRules } from '../../../gateway/authorize/rules.ts'
import type { Caller, Result } from '../../../gateway/engine.ts'
import {
  caller,
  type Federation,
  type FederationOptions,
  federate,
  overTheWire,
  type TestSubgraph
} from '../../support/federation.ts'

/** Imports with Federation's rules of access among them. */
export const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external",
  "@requires", "@shareable", "@interfaceObject", "@override", "@authenticated", "@requiresScopes", "@policy"])\n`

/** A caller with a token that says these things. */
export function having(grants: { readonly scopes?: readonly string[]; readonly policies?: readonly string[] }): Grants {
  return { authenticated: true, scopes: new Set(grants.scopes ?? []), policies: new Set(grants.policies ?? []) }
}

export const anon = ANONYMOUS
/** Has proved who it is, and may nothing else. */
export const partner = having({})
export const logi = having({ policies: ['logistics.read'] })
export const fin = having({ policies: ['finance.read'] })
export const procurement = having({ policies: ['procurement.read'] })
export const admin = having({
  policies: [
    'finance.read',
    'pii.read',
    'procurement.read',
    'ops.read',
    'ops.write',
    'orders.cancel',
    'logistics.read',
    'audit.read'
  ]
})

/** Answers of a graph to callers who have been given different things. */
export interface Guarded {
  readonly federation: Federation
  ask(
    who: Grants,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    operationName?: string
  ): Promise<Result>
  as(who: Grants): Caller
  /** What the subgraphs were asked since the last question. */
  asked(): string
}

/** A federation, each caller of which sees it by its rules. */
export function guard(
  subgraphs: Readonly<Record<string, TestSubgraph>>,
  { mode = 'filter', ...options }: FederationOptions & { readonly mode?: Mode } = {}
): Guarded {
  const federation = federate(subgraphs, options)
  const rules = accessRules(federation.supergraphSdl)
  if (!rules) throw new Error('the graph has no rules')
  const views = authorizedViews(rules, federation.view, { mode })
  const as = (who: Grants) => caller({ view: views.view(who) })
  return {
    federation,
    async ask(who, query, variables, operationName) {
      federation.calls.length = 0
      const { engine } = federation
      return overTheWire(await engine.execute(engine.prepare({ query, variables, operationName }, as(who)), as(who)))
    },
    as,
    asked: () => federation.calls.map(call => call.text).join('\n')
  }
}

/** The error that every denial makes. */
export function denied(path: readonly string[], affectedPath = path.join('.')) {
  return {
    message: 'Unauthorized field or type',
    path,
    extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', affectedPath }
  }
}

const CUSTOMER = { __typename: 'Customer', id: 'c1', name: 'Ada', taxId: 'TAX-C', email: 'ada@example.org' }
const SUPPLIER = { __typename: 'Supplier', id: 's1', name: 'Bearings', taxId: 'TAX-S', bankAccount: 'IBAN-1' }
const ORDER = {
  __typename: 'Order',
  id: '1',
  status: 'SHIPPED',
  customer: CUSTOMER,
  marginPct: 12.5,
  internalNote: 'rush'
}
const ORDERS = [ORDER, { ...ORDER, id: '2', marginPct: 3 }]
const TIMELINE = [
  { __typename: 'StatusChange', at: 't1', title: 'shipped' },
  { __typename: 'PaymentEvent', at: 't2', title: 'paid', amount: 100 },
  { __typename: 'StatusChange', at: 't3', title: 'completed' }
]

/** Sales and logistics: what the one protects, the other builds on. */
export const TRADE = {
  sales: {
    sdl: `${LINK}
      type Query {
        order(id: ID!): Order  orders(where: OrderFilter, visibility: Visibility): [Order!]  party(id: ID!): Party
        parties: [Party!]!  customer: Customer!  timeline(orderId: ID): [TimelineEntry!]!  search(q: String!): [SearchHit!]!
        hit(q: String!): SearchHit  audit: Audit  ledger: [Ledger!]
      }
      type Mutation {
        cancelOrder(id: ID!, reason: String): Order @policy(policies: [["orders.cancel"]])
        addNote(id: ID!, text: String!, visibility: Visibility): Order
      }
      type Subscription {
        orderChanged(where: OrderFilter): Order  orderAudited: Order @policy(policies: [["audit.read"]])
      }
      input OrderFilter { text: String  visibility: Visibility  any: [OrderFilter!] }
      enum Visibility @policy(policies: [["ops.write"]]) { PUBLIC INTERNAL }
      scalar Email @policy(policies: [["pii.read"]])
      interface Party { id: ID!  name: String!  taxId: String }
      type Customer implements Party {
        id: ID!  name: String!  taxId: String @policy(policies: [["finance.read"]])  email: Email  emails: [[Email!]!]!
      }
      type Supplier implements Party @policy(policies: [["procurement.read"]]) {
        id: ID!  name: String!  taxId: String  bankAccount: String
      }
      union TimelineEntry = StatusChange | PaymentEvent
      union SearchHit = Order | Customer | Supplier
      type StatusChange { at: String!  title: String! }
      type PaymentEvent @policy(policies: [["finance.read"]]) { at: String!  title: String!  amount: Int! }
      type Order @key(fields: "id") {
        id: ID!  status: String!  customer: Customer!  timeline: [TimelineEntry!]!
        marginPct: Float @policy(policies: [["finance.read"]])  internalNote: String @policy(policies: [["ops.read"]])
      }
      type Audit @authenticated { by: String  orders: [Order!]! }
      type Ledger { id: ID!  total: Float! @policy(policies: [["finance.read"]])  entries: [Entry!] }
      type Entry { text: String!  amount: Float! @policy(policies: [["finance.read"]]) }`,
    resolvers: {
      Customer: { emails: () => [['ada@example.org']] },
      Order: {
        __resolveReference: ({ id }: { id: string }) => ORDERS.find(order => order.id === id),
        timeline: () => TIMELINE
      }
    } as never,
    root: {
      order: ({ id }: { id: string }) => ORDERS.find(order => order.id === id),
      orders: ORDERS,
      party: ({ id }: { id: string }) => [CUSTOMER, SUPPLIER].find(party => party.id === id),
      parties: [CUSTOMER, SUPPLIER],
      customer: CUSTOMER,
      timeline: TIMELINE,
      search: [ORDER, CUSTOMER, SUPPLIER],
      hit: ({ q }: { q: string }) => [ORDER, CUSTOMER, SUPPLIER].find(each => each.id === q),
      audit: { by: 'Eve', orders: ORDERS },
      ledger: [
        { id: 'l1', total: 5, entries: [{ text: 'in', amount: 5 }] },
        { id: 'l2', total: 6, entries: [] }
      ],
      cancelOrder: ORDER,
      addNote: ORDER
    }
  },
  logistics: {
    // Composition takes the rule of insuranceTier for enough, though logistics.read alone does not open the margin (A14).
    sdl: `${LINK}
      type Order @key(fields: "id") {
        id: ID!  marginPct: Float @external
        insuranceTier: String @requires(fields: "marginPct") @policy(policies: [["finance.read"], ["logistics.read"]])
        shipment: Shipment
      }
      type Shipment { eta: String  cost: Float @policy(policies: [["finance.read"]]) }`,
    resolvers: {
      Order: {
        __resolveReference: (order: { id: string; marginPct?: number }) => order,
        insuranceTier: ({ marginPct }: { marginPct: number }) => `tier of ${marginPct}`,
        shipment: () => ({ eta: 'soon', cost: 4 })
      }
    } as never
  }
} satisfies Readonly<Record<string, TestSubgraph>>

/** What a caller gets, and what must not be asked of any subgraph meanwhile. */
export interface Expected {
  readonly data: unknown
  readonly errors?: readonly unknown[]
  readonly never?: readonly string[]
  readonly variables?: Readonly<Record<string, unknown>>
}

/**
 * Asks as a caller and as one who may have everything, by turns: the answers never mix, nothing that is denied is
 * fetched, and nothing of it is in the log.
 */
export async function expectAnswer(
  { federation, ask, asked }: Guarded,
  who: Grants,
  query: string,
  { data, errors, never = [], variables }: Expected
): Promise<void> {
  for (const _ of ['cold', 'warm']) {
    const answer = await ask(who, query, variables)
    expect(answer).toEqual({ data, ...(errors && { errors }) })
    for (const field of never) expect(asked()).not.toContain(field)
    const full = await ask(admin, query, variables)
    expect(full.errors).toBeUndefined()
    if (errors) expect(full.data).not.toEqual(data)
    for (const field of never) expect(asked()).toContain(field)
  }
  expect(federation.reports).toEqual([])
}
