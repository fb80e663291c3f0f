import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph'
import { composeServices } from '@theguild/federation-composition'
import { execute, type GraphQLSchema, parse, validate } from 'graphql'
import { type Caller, createEngine, type Engine, type EngineOptions, type Result } from '../../gateway/engine.ts'
import { openView } from '../../gateway/execute/open-view.ts'
import { textsOf } from '../../platform/executor/answer.ts'
import type { Executor, SubgraphRequest, SubgraphResponse } from '../../platform/executor/executor.ts'
import type { Access } from '../../platform/scope/scope.ts'
import type { Consumer } from '../../policies/consumer.ts'
import type { View } from '../../policies/view.ts'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [
  "@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@interfaceObject", "@override"])\n`

/** The subgraph's schema with the usual imports, unless it brings its own. */
const linked = (sdl: string) => (sdl.includes('@link(') ? sdl : LINK + sdl)

type Resolvers = GraphQLResolverMap

export interface SubgraphContext {
  readonly access: Access
  readonly extensions: { position?: number; stale?: boolean }
}

/** A subgraph in memory. Fields without a resolver read the parent's property, or call it. */
export interface TestSubgraph {
  readonly sdl: string
  readonly resolvers?: Resolvers
  readonly root?: Readonly<Record<string, unknown>>
}

export interface Call {
  readonly subgraph: string
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly access: Access
}

/** Answers instead of the subgraph; undefined lets it answer itself. */
export type Intercept = (
  subgraph: string,
  request: SubgraphRequest
) => Promise<SubgraphResponse> | SubgraphResponse | undefined

export interface Federation {
  readonly supergraphSdl: string
  readonly engine: Engine
  /** Sees everything; no authority. */
  readonly view: View
  /** What the subgraphs were asked, in order. */
  readonly calls: Call[]
  readonly reports: unknown[]
  intercept: Intercept | null
  /** Prepares and executes as `caller({ view })`. */
  run(query: string, variables?: Readonly<Record<string, unknown>>, as?: Partial<Caller>): Promise<Result>
}

export interface FederationOptions
  extends Pick<
    EngineOptions,
    'limits' | 'cacheSize' | 'dedupe' | 'documents' | 'writes' | 'overrideLabels' | 'chance' | 'watch'
  > {
  /** Makes the supergraph one that another composition would have written. */
  readonly edit?: (supergraphSdl: string) => string
}

/** Composes subgraphs and puts an engine over them; answers travel as JSON, as they would over HTTP. */
export function federate(
  subgraphs: Readonly<Record<string, TestSubgraph>>,
  { edit = sdl => sdl, ...options }: FederationOptions = {}
): Federation {
  const supergraphSdl = edit(composed(subgraphs))
  const calls: Call[] = []
  const reports: unknown[] = []
  const executors: Record<string, Executor> = {}
  const view = openView(supergraphSdl)
  const engine = createEngine({
    supergraphSdl,
    executors,
    logger: { error: (...given: unknown[]) => void reports.push(given) } as never,
    ...options
  })
  const federation: Federation = {
    supergraphSdl,
    engine,
    view,
    calls,
    reports,
    intercept: null,
    run(query, variables, as) {
      const who = caller({ view, ...as })
      return engine.execute(engine.prepare({ query, variables }, who), who)
    }
  }
  for (const [name, { sdl, resolvers, root }] of Object.entries(subgraphs)) {
    const schema = buildSubgraphSchema([{ typeDefs: parse(linked(sdl)), ...(resolvers ? { resolvers } : {}) }])
    executors[name] = recording(name, schema, root, federation)
  }
  return federation
}

/** The supergraph SDL of some subgraphs. */
export function composed(subgraphs: Readonly<Record<string, TestSubgraph>>): string {
  const services = Object.entries(subgraphs).map(([name, { sdl }]) => ({
    name,
    url: `http://${name}.internal.example/graphql`,
    typeDefs: parse(linked(sdl))
  }))
  const result = composeServices(services)
  if (result.errors) throw new Error(result.errors.map(error => error.message).join('\n'))
  return result.supergraphSdl
}

function recording(name: string, schema: GraphQLSchema, root: unknown, federation: Federation): Executor {
  return {
    async execute(request) {
      const { operation, variables, access } = request
      federation.calls.push({ subgraph: name, text: operation.text, variables: overTheWire(variables), access })
      const answered = await federation.intercept?.(name, request)
      if (answered) return answered
      const document = parse(operation.text)
      const [invalid] = validate(schema, document)
      if (invalid) throw new Error(`${name} cannot run ${operation.text}: ${invalid.message}`)
      const extensions: SubgraphContext['extensions'] = {}
      const context: SubgraphContext = { access, extensions }
      const { data, errors } = await execute({
        schema,
        document,
        rootValue: root,
        contextValue: context,
        variableValues: overTheWire(variables)
      })
      const body = JSON.stringify({ data: data ?? null, ...(errors && { errors }), extensions })
      const texts = textsOf(body)
      return { ...JSON.parse(body), ...(texts && { texts }) }
    },
    [Symbol.asyncDispose]: async () => {}
  }
}

/** As JSON makes it: ordinary objects, with whatever keys. */
export function overTheWire<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}

export const CONSUMER: Consumer = {
  id: 'tester',
  kind: 'department',
  party: 'sales',
  company: 'demo',
  claims: { team: 'a' }
}

/** A caller with defaults for everything but the view. */
export function caller(as: Partial<Caller> & Pick<Caller, 'view'>): Caller {
  return { consumer: CONSUMER, language: 'en', readAfter: null, ...as }
}

/** Error paths, for comparing. */
export function paths({ errors }: Result): readonly string[] {
  return (errors ?? []).map(error => error.path?.join('.') ?? '-').sort()
}
