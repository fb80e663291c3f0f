import { federate, overTheWire } from '../../support/federation.ts'
import { SHOP } from '../../support/shop.ts'

/** Prototype pollution through aliases, variable names and subgraphs' JSON (CVE-2026-32621). */
const federation = federate(SHOP)

const pristine = Object.getOwnPropertyNames(Object.prototype).sort()

afterEach(() => {
  federation.intercept = null
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(pristine)
  expect(Object.getOwnPropertyNames(Array.prototype)).not.toContain('polluted')
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'toJSON'
]

test.each(NAMES)('an alias %s is a key like any other, at every level', async name => {
  const query = `{
    ${name}: user(id: "u1") { ${name}: name deep: friend { ${name}: nick } ${name}s: friend { id } }
    list: users(first: 2) { ${name}: reviews(first: 1) { ${name}: stars } }
    search(q: "x") { ... on User { ${name}: name } ... on Product { ${name}: title } }
  }`
  const { data, errors } = await federation.run(query)
  expect(errors).toBeUndefined()
  const answer = JSON.parse(JSON.stringify(data)) as Record<string, unknown>
  expect(Object.keys(answer)).toEqual([name, 'list', 'search'])
  const user = Object.entries(answer).find(([key]) => key === name)?.[1]
  expect(Object.entries(user as object).map(([key, value]) => [key, JSON.stringify(value)])).toEqual([
    [name, '"User 1"'],
    ['deep', `{"${name}":"nick2"}`],
    [`${name}s`, '{"id":"u2"}']
  ])
})

test.each(NAMES)('an alias %s of what did not come is null', async name => {
  federation.intercept = () => ({ data: { me: { __typename: 'User', id: 'u1' } } })
  const { data } = await federation.run(`{ me { ${name}: color } }`)
  expect(JSON.stringify(data)).toBe(`{"me":{"${name}":null}}`)
})

test.each(NAMES)('a variable $%s is a variable like any other', async name => {
  const query = `query ($${name}: Int, $on: Boolean!) { me { a: reviews(first: $${name}) @include(if: $on) { id } } }`
  const { data } = await federation.run(query, JSON.parse(`{"${name}": 0, "on": true}`))
  expect(overTheWire(data)).toEqual({ me: { a: [] } })
  const without = await federation.run(query, { on: true })
  expect(overTheWire(without.data)).toEqual({ me: { a: [{ id: 'r4' }] } })
})

test('a subgraph’s keys reach no prototype: in data, where rows are merged', async () => {
  const evil = (text: string) => JSON.parse(text.replaceAll("'", '"')) as never
  federation.intercept = (subgraph, { variables }) => {
    const { representations } = variables as { representations?: readonly unknown[] }
    if (representations) {
      return {
        data: {
          _entities: representations.map(() =>
            evil("{'nick':'n','__proto__':{'polluted':1},'constructor':{'prototype':{'polluted':1}}}")
          )
        }
      }
    }
    return subgraph === 'accounts'
      ? {
          data: evil(
            "{'__proto__':{'polluted':1},'me':{'__typename':'User','id':'u1','__proto__':{'name':'x','polluted':1},'address':{'street':'s','__proto__':{'polluted':1},'city':{'name':'c'}}}}"
          )
        }
      : undefined
  }
  const { data } = await federation.run('{ me { nick color address { street city { name zip } } } }')
  expect(JSON.stringify(data)).toBe(
    '{"me":{"nick":"n","color":null,"address":{"street":"s","city":{"name":"c","zip":null}}}}'
  )
})

test.each([
  [['__proto__', 'polluted']],
  [['me', '__proto__', 'polluted']],
  [['constructor', 'prototype', 'polluted']],
  [['me', 'constructor', 'polluted']],
  [['me', 'toString']]
])('a subgraph’s error path %j reaches no prototype', async path => {
  federation.intercept = () => ({
    data: { me: { __typename: 'User', name: 'N' } },
    errors: [{ message: 'x', path, extensions: { code: 'NOT_FOUND' } }]
  })
  const { data, errors } = await federation.run('{ me { name } }')
  expect(overTheWire(data)).toEqual({ me: { name: 'N' } })
  expect(errors).toHaveLength(1)
})

test('a type name of the prototype is no type', async () => {
  federation.intercept = () => ({
    data: {
      node: { __typename: '__proto__', id: 'x' },
      search: [{ __typename: 'constructor' }, { __typename: 'toString' }]
    }
  })
  const { data } = await federation.run('{ node(id: "x") { id } search(q: "x") { __typename } }')
  expect(overTheWire(data)).toEqual({ node: null, search: [] })
})

test('an operation and fragments may have such names', async () => {
  const { data } = await federation.run(
    'query __proto__ { me { ...constructor } } fragment constructor on User { ...__proto__ } fragment __proto__ on User { name }'
  )
  expect(overTheWire(data)).toEqual({ me: { name: 'User 1' } })
})
