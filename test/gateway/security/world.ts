import type { IncomingHttpHeaders } from 'node:http'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { graphql, parse } from 'graphql'
import { readConfig } from '../../../gateway/config.ts'
import { type Gateway, startGateway } from '../../../gateway/gateway.ts'
import { settingsFromText } from '../../../gateway/read-settings.ts'
import { createLogger } from '../../../platform/logger.ts'
import { answering } from '../../contracts/executor/answering.ts'
import { supergraphOf } from '../../support/foreign.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'
import { Client, eventually } from '../websocket/client.ts'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@shareable", "@authenticated", "@requiresScopes", "@policy"])\n`
const RULED = '@policy(policies: [["finance"]])'

const sdl = (ruled: boolean) => `
  type Query { order(id: ID!): Order  orders(status: Status, filter: Filter): [Order!]!  hello: String }
  type Mutation { note(id: ID!, text: String!): Order }
  enum Status { PLACED SHIPPED }
  input Filter { reference: String  minimum: Float }
  type Order @key(fields: "id") { id: ID! status: Status text: String margin: Float ${ruled ? RULED : ''} }`

const order = (id: string) => ({ id, status: 'PLACED', text: `text of ${id}`, margin: 7.25 })

/** What a subgraph answers, instead of what it would. */
export interface Said {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

export interface World extends AsyncDisposable {
  readonly gateway: Gateway
  readonly provider: IdentityProvider
  readonly url: string
  /** Everything that was logged, as JSON lines. */
  readonly lines: string[]
  /** What the subgraph was sent, in order. */
  readonly asked: { readonly headers: IncomingHttpHeaders; readonly body: Record<string, unknown> }[]
  /** What the subgraph says from now on; null = the truth. */
  says: ((query: string) => Said | null) | null
  /** What the subgraph waits for before each answer. */
  wait: () => Promise<void>
  /** A token that may see margins, or one that may not. */
  token(finance?: boolean): Promise<string>
  /** POSTs anything. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  get(parameters: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** The first answer over a websocket: `next`, `error`, or the code of the close. */
  overSocket(payload: object, init?: object): Promise<{ readonly type: string; readonly payload: unknown }>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** As JSON. */
  readonly body: never
}

export interface WorldOptions {
  /** The margin of an order takes the policy `finance`, and whoever has no token is let in. */
  readonly ruled?: boolean
  /** The settings file. */
  readonly settings?: string
}

/** A whole router as it is deployed, over one subgraph of somebody else and the tokens of an identity provider. */
export async function startWorld({ ruled = false, settings = '{}' }: WorldOptions = {}): Promise<World> {
  const provider = await startIdentityProvider()
  const typeDefs = parse(LINK + sdl(ruled))
  const schema = buildSubgraphSchema([
    {
      typeDefs,
      resolvers: {
        Query: {
          order: (_: unknown, { id }: { id: string }) => (id.startsWith('absent') ? null : order(id)),
          orders: () => ['1', '2'].map(order),
          hello: () => 'world'
        },
        Mutation: { note: (_: unknown, { id }: { id: string }) => order(id) },
        Order: { __resolveReference: ({ id }: { id: string }) => order(id) }
      }
    }
  ])
  const asked: World['asked'] = []
  const lines: string[] = []
  const subgraph = await answering(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString())
    asked.push({ headers: request.headers, body })
    await world.wait()
    const said = world.says?.(body.query)
    response.writeHead(said?.status ?? 200, { 'content-type': 'application/json', ...said?.headers })
    response.end(
      said?.body ?? JSON.stringify(await graphql({ schema, source: body.query, variableValues: body.variables }))
    )
  })
  const gateway = await startGateway({
    config: readConfig({ PORT: '0', ...provider.env }),
    settings: settingsFromText(settings, 'router.yaml', '.'),
    logger: createLogger('trace', { write: line => void lines.push(line) }),
    supergraphSdl: supergraphOf({ name: 'orders-internal', typeDefs, url: subgraph.url }),
    rooms: [],
    open: false,
    consoleDir: null
  })
  const read = async (response: Response): Promise<Answer> => {
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: parsed(text) as never }
  }
  const world: World = {
    gateway,
    provider,
    url: gateway.url,
    lines,
    asked,
    says: null,
    wait: async () => {},
    token: (finance = false) => provider.token(finance ? { policies: ['finance'] } : {}),
    post: async (body, headers = {}) =>
      read(
        await fetch(gateway.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body)
        })
      ),
    get: async (parameters, headers = {}) =>
      read(
        await fetch(`${gateway.url}?${new URLSearchParams(parameters)}`, {
          headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers }
        })
      ),
    async overSocket(payload, init = {}) {
      await using client = await Client.open(gateway.url)
      client.send({ type: 'connection_init', payload: init })
      let closed: { readonly type: string; readonly payload: unknown } | null = null
      void client.closed.then(({ code, reason }) => {
        closed = { type: String(code), payload: reason }
      })
      const heard = (...types: readonly string[]) => client.received.find(({ type }) => types.includes(type))
      await eventually(() => closed !== null || heard('connection_ack') !== undefined, 'no acknowledgement')
      if (!closed) client.send({ type: 'subscribe', id: '1', payload })
      await eventually(() => closed !== null || heard('next', 'error') !== undefined, 'no answer')
      return closed ?? (heard('next', 'error') as { readonly type: string; readonly payload: unknown })
    },
    async [Symbol.asyncDispose]() {
      for (const each of [gateway, subgraph, provider]) await each[Symbol.asyncDispose]()
    }
  }
  return world
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The codes of an answer's errors. */
export function codes(body: unknown): readonly unknown[] {
  const { errors = [] } = (body ?? {}) as { errors?: readonly { extensions: { code: unknown } }[] }
  return errors.map(({ extensions }) => extensions.code)
}
