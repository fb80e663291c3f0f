import { execute, type GraphQLFieldResolver, parse } from 'graphql'
import { type FederationOptions, federate, overTheWire, type TestSubgraph } from './federation.ts'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: [
  "@key", "@shareable", "@external", "@requires", "@context", "@fromContext", "@interfaceObject"])\n`

export type Row = { readonly __typename: string; readonly [field: string]: unknown }

/** A row as one server has it: with the row that it was reached from. */
interface Reached {
  readonly row: Row
  readonly around: Reached | null
}

/** By contextual field: its arguments, each with the types that set its context and what is read of them. */
export type FromContext = Readonly<
  Record<string, Readonly<Record<string, readonly [readonly string[], (row: Row) => unknown]>>>
>

/** What a field makes of its arguments: what its row says, or a text that tells all of them. */
function made(row: Row, name: string, args: object): unknown {
  const make = row[name]
  return typeof make === 'function' ? make(args) : `${row['id']} ${JSON.stringify(args, Object.keys(args).sort())}`
}

/** A subgraph over some rows; `fields` are made of their arguments. */
export function subgraph(sdl: string, rows: readonly Row[], fields: readonly string[] = []): TestSubgraph {
  const resolvers: Record<string, Record<string, unknown>> = {}
  for (const [, name = ''] of sdl.matchAll(/\b(?:type|interface) (\w+)[^{]*@key/g)) {
    resolvers[name] = { __resolveReference: ({ id }: Row) => rows.find(row => row['id'] === id) ?? null }
  }
  for (const field of fields) {
    const [type = '', name = ''] = field.split('.')
    resolvers[type] = { ...resolvers[type], [name]: (row: Row, args: object) => made(row, name, args) }
  }
  const root = {
    ...rows.find(row => row.__typename === 'Query'),
    rename: ({ id }: Row) => rows.find(row => row['id'] === id)
  }
  return { sdl: LINK + sdl, root, resolvers: resolvers as never }
}

/** As one server would answer that has everything. */
function onOneServer(
  schema: Parameters<typeof execute>[0]['schema'],
  query: string,
  root: Row,
  fromContext: FromContext,
  variables: Readonly<Record<string, unknown>>
) {
  const fieldResolver: GraphQLFieldResolver<Reached, unknown> = (source, args, _context, info) => {
    const wrap = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(wrap)
      return typeof value === 'object' && value !== null ? { row: value, around: source } : value
    }
    const told = fromContext[`${info.parentType.name}.${info.fieldName}`]
    if (!told) return wrap(source.row[info.fieldName])
    const given: Record<string, unknown> = { ...args }
    for (const [argument, [types, read]] of Object.entries(told)) {
      let around = source.around
      while (around && !types.includes(around.row.__typename)) around = around.around
      given[argument] = around ? (read(around.row) ?? null) : null
    }
    return wrap(made(source.row, info.fieldName, given))
  }
  return execute({
    schema,
    document: parse(query),
    rootValue: { row: root, around: null },
    variableValues: variables,
    fieldResolver: fieldResolver as never,
    typeResolver: value => (value as Reached).row.__typename
  })
}

/** An engine over some subgraphs, and the comparison of its answers with those of one server. */
export function graph(
  parts: Readonly<Record<string, TestSubgraph>>,
  root: Row,
  fromContext: FromContext,
  options: FederationOptions = {}
) {
  const federation = federate(parts, options)
  return Object.assign(federation, {
    async compare(query: string, variables: Readonly<Record<string, unknown>> = {}) {
      const expected = await onOneServer(federation.view.schema, query, root, fromContext, variables)
      expect(expected.errors).toBeUndefined()
      const actual = await federation.run(query, variables)
      expect({ query, ...overTheWire(actual) }).toEqual({ query, ...overTheWire(expected) })
      return federation.calls.splice(0)
    }
  })
}
