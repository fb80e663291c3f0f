import { composeServices } from '@theguild/federation-composition'
import { type Caller, createEngine, type Engine, type Result } from '../../../gateway/engine.ts'
import { openView } from '../../../gateway/execute/open-view.ts'
import type { Subscriber } from '../../../gateway/subscribe/standing.ts'
import { type SubscribeDeps, subscribe } from '../../../gateway/subscribe/subscribe.ts'
import type { Executor } from '../../../platform/executor/executor.ts'
import { httpExecutor } from '../../../platform/executor/http.ts'
import { subscribeOver, withSubscriptions } from '../../../platform/executor/subscribe/subscribe-over.ts'
import type { SubscriberLimits } from '../../../platform/executor/subscribe/subscriber.ts'
import type { View } from '../../../policies/view.ts'
import { caller, overTheWire } from '../../support/federation.ts'
import type { Feed } from '../../support/feed.ts'
import {
  type Protocol,
  type SubscribingSubgraph,
  startSubscribingSubgraph
} from '../../support/subscribing-subgraph.ts'

export const PROTOCOLS: readonly Protocol[] = ['graphql-ws', 'sse', 'multipart']

/** Where the subscriptions are. */
export const ORDERS = `
  type Query { orders: [Order!]! }
  type Subscription {
    changed(id: ID, kinds: [Kind!] = [ALL]): Change
    added: Order!
    released: Medium
    refused: Order
  }
  enum Kind { ALL SOME }
  type Change { to: String! by: String flaky: String order: Order orders: [Order] }
  type Order @key(fields: "id") { id: ID! total: Int }
  interface Medium { title: String }
  type Book implements Medium @key(fields: "id") { id: ID! title: String pages: Int }
  type Film implements Medium { title: String pages: String }`

const failing = (value: unknown) => {
  if (value === 'fail') throw new Error('a secret of the inside')
  return value
}

export const ordersResolvers = (feed: Feed) => {
  const live = { subscribe: () => feed.listen(), resolve: (event: unknown) => event }
  return {
    Subscription: {
      changed: live,
      added: live,
      released: live,
      refused: {
        subscribe: () => {
          throw new Error('a secret of the inside')
        }
      }
    },
    Change: { flaky: ({ flaky }: { flaky?: string }) => failing(flaky) },
    Medium: { __resolveType: (medium: { pages: unknown }) => (typeof medium.pages === 'number' ? 'Book' : 'Film') }
  }
}

/** Where the rest is. */
export const RETURNS = `
  type Query { x: Int }
  type Order @key(fields: "id") { id: ID! returns(of: Int): Int! reason: String }
  type Book @key(fields: "id") { id: ID! author: String }`

export const returnsResolvers = () => ({
  Order: {
    __resolveReference: async ({ id }: { id: string }) => {
      // Answers overtake each other.
      await new Promise(resolve => setTimeout(resolve, Number(id) % 3))
      return id === 'gone' ? null : { id, returns: ({ of }: { of?: number }) => Number(id) + (of ?? 0) }
    },
    reason: ({ id }: { id: string }) => failing(id === '13' ? 'fail' : `reason ${id}`)
  },
  Book: {
    __resolveReference: ({ id }: { id: string }) => ({ id, author: `author of ${id}` })
  }
})

export interface Given extends AsyncDisposable {
  readonly orders: SubscribingSubgraph
  readonly returns: SubscribingSubgraph
  readonly supergraphSdl: string
  readonly engine: Engine
  readonly view: View
  readonly deps: SubscribeDeps
  /** What was reported to operators. */
  readonly reports: unknown[]
  /** Subscribes; its deliveries as JSON. It is left when the test ends. */
  subscribe(query: string, options?: SubscribeOptions): Promise<AsyncGenerator<Result>>
}

export interface SubscribeOptions {
  readonly variables?: Readonly<Record<string, unknown>>
  readonly as?: Partial<Caller> & { readonly current?: () => View | null }
  readonly signal?: AbortSignal
}

/** Two subgraphs over the network, the subscriptions of the first over a protocol, and an engine over both. */
export async function startFederation(protocol: Protocol, limits: Partial<SubscriberLimits> = {}): Promise<Given> {
  const orders = await startSubscribingSubgraph(protocol, ORDERS, ordersResolvers)
  const returns = await startSubscribingSubgraph(protocol, RETURNS, returnsResolvers)
  const { supergraphSdl, errors } = composeServices([
    { name: 'orders', typeDefs: orders.typeDefs, url: orders.url },
    { name: 'returns', typeDefs: returns.typeDefs, url: returns.url }
  ])
  if (!supergraphSdl) throw new Error(String(errors))
  const executors: Record<string, Executor> = {}
  for (const [subgraph, { url }] of Object.entries({ orders, returns })) {
    const about = { url, subgraph, secret: null, forwardHeaders: ['authorization'] }
    executors[subgraph] = withSubscriptions(httpExecutor(about), subscribeOver(protocol, { ...about, ...limits }))
  }
  const reports: unknown[] = []
  const engine = createEngine({
    supergraphSdl,
    executors,
    logger: { error: (...given: unknown[]) => void reports.push(given) } as never
  })
  const view = openView(supergraphSdl)
  const deps: SubscribeDeps = { engine, log: null, cursors: null, catalogue: new Map() }
  const left = new AbortController()
  return {
    orders,
    returns,
    supergraphSdl,
    engine,
    view,
    deps,
    reports,
    async subscribe(query, { variables, as, signal = left.signal } = {}) {
      const who: Subscriber = { ...caller({ view, ...as }), current: as?.current ?? (() => view) }
      const prepared = engine.prepare({ query, variables }, who)
      return wired(await subscribe(deps, prepared, who, AbortSignal.any([signal, left.signal])))
    },
    async [Symbol.asyncDispose]() {
      left.abort()
      await orders[Symbol.asyncDispose]()
      await returns[Symbol.asyncDispose]()
      for (const executor of Object.values(executors)) await executor[Symbol.asyncDispose]()
    }
  }
}

async function* wired(deliveries: AsyncGenerator<Result>): AsyncGenerator<Result> {
  for await (const delivery of deliveries) yield overTheWire(delivery)
}

/** Everything that is left. */
export async function rest<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}
