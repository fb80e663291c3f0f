import { composeServices } from '@theguild/federation-composition'
import { parse } from 'graphql'
import { readContract } from '../../gateway/policy-shape.ts'
import { parseYaml } from '../../gateway/yaml-source.ts'
import { SUBGRAPH_HEADER } from '../../platform/subgraph/directives.ts'
import { type BookInput, type CompiledBook, compileBook } from '../../policies/compile-book.ts'
import type { Consumer } from '../../policies/consumer.ts'
import type { Contract, ContractDocument, GrantClause, Person } from '../../policies/contract.ts'

/** Sales' subgraph: orders, customers, an interface and a union over them. */
const ORDERS = `
  scalar DateTime
  scalar Date
  enum Channel { WECHAT JD }
  enum OrderStatus { OPEN CLOSED }
  type Query {
    order(id: ID!): Order @owner(department: "sales")
    orders(filter: OrderFilter, orderBy: OrderOrder, first: Int): OrderConnection! @owner(department: "sales")
    sorted(by: String, sort: OrderSort): [Order!]! @owner(department: "sales")
    party(id: ID!): Party @owner(department: "sales")
    search: [Hit!]! @owner(department: "sales")
    first: Hit! @owner(department: "sales")
    viewer: Viewer! @commons
  }
  type Viewer @commons { id: ID! }
  type Order @key(fields: "id") @owner(department: "sales") @scoped(by: ["orderId", "channel", "supplierIds"]) {
    id: ID!
    number: String!
    channel: Channel!
    status: OrderStatus!
    placedAt: DateTime! @correlates(with: ["Entry.at", "OrderChanged.at"])
    note: String
    total: Money!
    address: Address
    customer: Customer!
    timeline: [Entry!]!
    metScopes: Int! @inaccessible @shareable
  }
  type Address @owner(department: "sales") { province: String street: String }
  type Entry @owner(department: "sales") { at: DateTime! }
  type Money @shareable @commons { amount: String! }
  type OrderConnection @commons { edges: [OrderEdge!]! nodes: [Order!]! }
  type OrderEdge @commons { node: Order! }
  input OrderFilter { channel: Channel numberPrefix: String placedFrom: DateTime placedTo: DateTime text: String status: [OrderStatus!] }
  input OrderOrder { field: OrderField! direction: Direction! = DESC }
  enum OrderField { PLACED_AT NUMBER }
  enum OrderSort { PLACED_AT_ASC PLACED_AT_DESC NUMBER_ASC NEWEST }
  enum Direction { ASC DESC }
  interface Party { name: String taxId: String }
  type Customer implements Party @key(fields: "id") @owner(department: "sales") @scoped(by: ["channel"]) {
    id: ID! name: String taxId: String phone: String points: Int metScopes: Int! @inaccessible @shareable
  }
  type Company implements Party @owner(department: "sales") { name: String taxId: String }
  union Hit = Order | Company
  type Mutation {
    submitOrder(input: SubmitInput!): OrderPayload! @owner(department: "sales")
    cancelOrder(id: ID!, note: String): OrderPayload! @owner(department: "sales")
    addNote(id: ID!): NotePayload! @owner(department: "sales")
  }
  input SubmitInput { channel: Channel! placedAt: DateTime note: String }
  type OrderPayload @commons { order: Order }
  type NotePayload @commons { address: Address }
`

/** Fulfilment's: what it adds to an order. */
const ROUTING = `
  type Query { stock: [Stock!]! @owner(department: "fulfillment") }
  type Stock @owner(department: "fulfillment") { sku: String! onHand: Int! }
  type Order @key(fields: "id") {
    id: ID!
    note: String @external
    intents: [String!]! @owner(department: "fulfillment") @derivedFrom(fields: ["Order.note"])
    urgency: Int @owner(department: "fulfillment") @requires(fields: "note") @derivedFrom(fields: ["Order.note"])
    promise: String @owner(department: "fulfillment") @derivedFrom(fields: ["Order.intents"])
    metScopes: Int! @inaccessible @shareable
  }
`

const LOG = `
  scalar DateTime
  type Subscription { orderChanged: OrderChanged! @owner(department: "sales") }
  interface Event @commons { id: ID! at: DateTime! }
  type OrderChanged implements Event @owner(department: "sales") { id: ID! @commons at: DateTime! @commons to: String! order: Order }
  type Order @key(fields: "id", resolvable: false) { id: ID! }
`

/** Composes subgraph SDLs, each under the contract directives. */
export function supergraphOf(subgraphs: Readonly<Record<string, string>>): string {
  const services = Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    typeDefs: parse(SUBGRAPH_HEADER + sdl),
    url: `http://${name}`
  }))
  const result = composeServices(services)
  if (result.errors) throw new Error(result.errors.map(e => e.message).join('\n'))
  return result.supergraphSdl
}

export const SUPERGRAPH = supergraphOf({ orders: ORDERS, routing: ROUTING, log: LOG })

export const CONSUMERS: readonly Consumer[] = [
  ...['sales', 'fulfillment'].map(id => ({ id, kind: 'department' as const, party: id, company: 'demo', claims: {} })),
  {
    id: 'partner',
    kind: 'developer',
    party: 'partner',
    company: 'demo',
    claims: { channel: 'WECHAT', supplier: 'acme' }
  },
  { id: 'other', kind: 'supplier', party: 'other', company: 'demo', claims: {} }
]

export const PEOPLE: readonly Person[] = [
  { id: 'ann', name: 'Ann', department: 'sales', role: 'business' },
  { id: 'bob', name: 'Bob', department: 'fulfillment', role: 'business' },
  { id: 'ian', name: 'Ian', department: 'it', role: 'it' },
  { id: 'lea', name: 'Lea', department: 'legal', role: 'legal' }
]

export const NOW = Date.parse('2026-03-06T04:00:00Z')

const SIGNATURES: Readonly<Record<string, string>> = { sales: 'ann', fulfillment: 'bob' }

/** A contract in force between sales and partner over all rows; `file` is made of its id. */
export function contract(grants: readonly GrantClause[], over: Partial<ContractDocument> = {}): Contract {
  const provider = over.provider ?? 'sales'
  const document: ContractDocument = {
    id: `${provider}-${over.consumer ?? 'partner'}`,
    version: '1.0.0',
    status: 'FINALIZED',
    stage: 'pilot',
    provider,
    consumer: 'partner',
    purpose: 'a test',
    valid: { from: '2026-01-01', until: '2026-12-31' },
    notice: 'P30D',
    scope: { read: 'all', write: 'all' },
    grants,
    signatures: [
      { person: SIGNATURES[provider] ?? 'ann', role: 'business', at: '2025-12-01' },
      { person: 'ian', role: 'it', at: '2025-12-01' },
      { person: 'lea', role: 'legal', at: '2025-12-01' }
    ],
    ...over
  }
  return { document, source: { file: `${document.id}.yaml`, line: () => null } }
}

/** A contract from YAML text; throws when it has not the shape of one. */
export function contractFromYaml(text: string, file = 'a.contract.yaml'): Contract {
  const source = parseYaml(text, file)
  const { document, problems } = readContract(source.value, source)
  if (!document) throw new Error(JSON.stringify(problems))
  return { document, source }
}

/** Compiles contracts over the fixture graph. */
export function book(contracts: readonly Contract[], over: Partial<BookInput> = {}): CompiledBook {
  return compileBook({ supergraphSdl: SUPERGRAPH, contracts, consumers: CONSUMERS, people: PEOPLE, now: NOW, ...over })
}

/** The view of `partner` in a book that has no errors. */
export function viewOf(contracts: readonly Contract[], party = 'partner') {
  const compiled = book(contracts)
  const errors = compiled.problems.filter(p => p.severity === 'error')
  if (errors.length) throw new Error(JSON.stringify(errors))
  const view = compiled.view(party)
  if (!view) throw new Error(`${party} has no view`)
  return view
}

/** Messages of the errors of a book. */
export function errorsOf(contracts: readonly Contract[]): readonly string[] {
  return book(contracts)
    .problems.filter(p => p.severity === 'error')
    .map(p => p.message)
}

/** The consumer `partner` with these claims. */
export function partner(claims: Readonly<Record<string, string>> = { channel: 'WECHAT', supplier: 'acme' }): Consumer {
  return { id: 'partner', kind: 'developer', party: 'partner', company: 'demo', claims }
}
