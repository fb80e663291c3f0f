import { buildSchema } from 'graphql'
import { type GraphQLRequest, RequestError } from '../../../gateway/engine.ts'
import type { View } from '../../../policies/view.ts'
import { caller, federate } from '../../support/federation.ts'
import { SHOP } from '../../support/shop.ts'

const federation = federate(SHOP)

function refused(request: GraphQLRequest, view: View = federation.view): RequestError {
  try {
    federation.engine.prepare(request, caller({ view }))
  } catch (thrown) {
    if (thrown instanceof RequestError) return thrown
    throw thrown
  }
  throw new Error('the request was accepted')
}

const codeOf = ({ errors }: RequestError) => errors[0]?.extensions['code']

describe('the shape of a request', () => {
  test.each<[string, GraphQLRequest, RegExp]>([
    ['no query', {}, /"query" must be a text/],
    ['an empty query', { query: '' }, /"query"/],
    ['a query that is a document already parsed', { query: { kind: 'Document' } }, /"query"/],
    ['an operation name that is a number', { query: '{me{id}}', operationName: 5 }, /"operationName" must be a text/],
    ['an operation name that is none', { query: '{me{id}}', operationName: 'a b' }, /not a GraphQL name/],
    ['variables in a list', { query: '{me{id}}', variables: [] }, /"variables" must be an object/],
    ['variables in a text', { query: '{me{id}}', variables: '{}' }, /"variables"/],
    ['extensions in a text', { query: '{me{id}}', extensions: 'x' }, /"extensions"/]
  ])('refuses %s', (_, request, message) => {
    const refusal = refused(request)
    expect(refusal).toMatchObject({ status: 400, message: expect.stringMatching(message) })
    expect(codeOf(refusal)).toBe('BAD_REQUEST')
  })

  test('takes nulls for what may be absent', () => {
    const request = { query: '{ me { id } }', operationName: '', variables: null, extensions: null }
    expect(federation.engine.prepare(request, caller(federation))).toMatchObject({ kind: 'query', operationName: null })
  })
})

describe('the document', () => {
  test('is refused with its place when it does not parse', () => {
    const refusal = refused({ query: '{ me { ' })
    expect(codeOf(refusal)).toBe('GRAPHQL_PARSE_FAILED')
    expect(refusal.errors[0]?.locations).toEqual([{ line: 1, column: 8 }])
  })

  test.each([
    ['no operation', 'fragment F on User { id }', undefined, /no operation/],
    ['several operations and no name', 'query A { me { id } } query B { me { id } }', undefined, /several operations/],
    ['a name that it does not have', 'query A { me { id } }', 'B', /no operation named "B"/]
  ])('is refused with %s', (_, query, operationName, message) => {
    expect(refused({ query, operationName })).toMatchObject({ status: 400, message: expect.stringMatching(message) })
  })

  test('is refused when it defines types', () => {
    expect(codeOf(refused({ query: '{ me { id } } type User { id: ID }' }))).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  test('is refused with every field that does not exist, without naming one that does', () => {
    const { errors, status } = refused({ query: '{ me { nam } usr { id } }' })
    expect(status).toBe(400)
    expect(errors.map(error => error.message)).toEqual([
      'Cannot query field "nam" on type "User".',
      'Cannot query field "usr" on type "Query".'
    ])
  })

  test.each(['_entities(representations: []) { __typename }', '_service { sdl }'])('knows no %s', field => {
    expect(codeOf(refused({ query: `{ ${field} }` }))).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  test.each(['defer', 'stream'])('is refused with @%s', directive => {
    const { message } = refused({ query: `{ me { ... @${directive} { name } } }` })
    expect(message).toBe(`@${directive} is not supported; ask for everything at once.`)
  })

  test('is refused with fragments in a circle, and the process lives', () => {
    expect(codeOf(refused({ query: '{ ...A } fragment A on Query { __typename ...A }' }))).toBe(
      'GRAPHQL_VALIDATION_FAILED'
    )
    const deep =
      '{ me { ...A } } fragment A on User { id ...B @include(if: true) } fragment B on User { friend { ...A } }'
    expect(codeOf(refused({ query: deep }))).toBe('GRAPHQL_VALIDATION_FAILED')
  })
})

describe('variables', () => {
  const query = 'query ($id: ID!, $filter: Filter) { user(id: $id) { id } echo(input: $filter) }'

  test.each<[string, Record<string, unknown>, string]>([
    ['one that is missing', {}, 'Variable "$id" of required type "ID!" was not provided.'],
    ['a null that may not be', { id: null }, 'Variable "$id" of non-null type "ID!" must not be null.'],
    [
      'a wrong type',
      { id: 'u1', filter: { min: 'x' } },
      'Variable "$filter.min" got an invalid value; Int cannot represent non-integer value: "x"'
    ],
    [
      'an unknown field',
      { id: 'u1', filter: { inner: { mix: 1 } } },
      'Variable "$filter.inner" got an invalid value; Field "mix" is not defined by type "Filter".'
    ],
    [
      'an unknown enum value',
      { id: 'u1', filter: { colors: ['RET'] } },
      'Variable "$filter.colors[0]" got an invalid value; Value "RET" does not exist in "Color" enum.'
    ],
    [
      'a key that would pollute',
      JSON.parse('{"id":"u1","filter":{"__proto__":{"min":1}}}'),
      'Variable "$filter" got an invalid value; Field "__proto__" is not defined by type "Filter".'
    ]
  ])('are refused with %s', (_, variables, message) => {
    const refusal = refused({ query, variables })
    expect(codeOf(refusal)).toBe('BAD_USER_INPUT')
    expect(refusal.errors.map(error => error.message)).toEqual([message])
  })

  test('do not repeat a huge value', () => {
    const { message } = refused({ query, variables: { id: 'u1', filter: { min: 'x'.repeat(100_000) } } })
    expect(message.length).toBeLessThan(400)
  })

  test('are refused when they nest without end', () => {
    let deep: unknown = {}
    for (let i = 0; i < 50_000; i++) deep = { inner: deep }
    expect(codeOf(refused({ query, variables: { id: 'u1', filter: deep } }))).toBe('OPERATION_LIMIT')
  })

  test('are coerced by what the caller sees, and carry their defaults', () => {
    const { variables } = federation.engine.prepare(
      {
        query:
          'query ($id: ID! = 7, $filter: Filter, $none: Int) { user(id: $id) { reviews(first: $none) { id } } echo(input: $filter) }',
        variables: { filter: {} }
      },
      caller(federation)
    )
    expect({ ...variables }).toEqual({ id: '7', filter: { text: 'any' } })
  })
})

describe('what a view hides does not exist', () => {
  const view: View = {
    ...federation.view,
    id: 'narrow',
    schema: buildSchema(
      'type Query { me: User echo(input: Filter): String } type User { id: ID! name: String! } input Filter { text: String colors: [Color!] } enum Color { RED }'
    )
  }

  test.each([
    ['a field', '{ me { nick } }', 'Cannot query field "nick" on type "User".'],
    ['a field that looks like another', '{ me { nam } }', 'Cannot query field "nam" on type "User".'],
    ['a field under an alias', '{ me { name: visits } }', 'Cannot query field "visits" on type "User".'],
    [
      'a field in a fragment without a condition',
      '{ me { ... { nick } } }',
      'Cannot query field "nick" on type "User".'
    ],
    [
      'a field that is not included',
      '{ me { nick @include(if: false) } }',
      'Cannot query field "nick" on type "User".'
    ],
    [
      'a field in another operation',
      'query A { me { id } } query B { me { nick } }',
      'Cannot query field "nick" on type "User".'
    ],
    ['a type', '{ me { ... on Node { id } } }', 'Unknown type "Node".'],
    ['an input field', '{ echo(input: { min: 1 }) }', 'Field "min" is not defined by type "Filter".'],
    ['an enum value', '{ echo(input: { colors: [GREEN] }) }', 'Value "GREEN" does not exist in "Color" enum.']
  ])('%s', (_, query, message) => {
    federation.calls.length = 0
    const refusal = refused({ query, operationName: query.startsWith('query A') ? 'A' : null }, view)
    expect(refusal.errors.map(error => error.message)).toContain(message)
    expect(federation.calls).toEqual([])
  })

  test('for variables, too', () => {
    const query = 'query ($f: Filter) { echo(input: $f) }'
    expect(refused({ query, variables: { f: { colors: ['GREEN'] } } }, view).message).toBe(
      'Variable "$f.colors[0]" got an invalid value; Value "GREEN" does not exist in "Color" enum.'
    )
    expect(refused({ query, variables: { f: { min: 1 } } }, view).message).not.toContain('Did you mean')
  })

  test('on a warm cache, whoever asked first', () => {
    const request = { query: '{ me { nick } }' }
    for (let round = 0; round < 2; round++) {
      expect(federation.engine.prepare(request, caller(federation)).kind).toBe('query')
      expect(codeOf(refused(request, view))).toBe('GRAPHQL_VALIDATION_FAILED')
    }
  })
})
