import { buildClientSchema, buildSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql'
import type { View } from '../../../policies/view.ts'
import { federate, overTheWire } from '../../support/federation.ts'
import { SHOP } from '../../support/shop.ts'

const federation = federate(SHOP)
const narrow: View = {
  ...federation.view,
  id: 'narrow',
  schema: buildSchema('type Query { me: User } type User { id: ID! name: String! }')
}

test('introspection shows the caller’s view, and asks no subgraph', async () => {
  const { data } = await federation.run(getIntrospectionQuery(), {}, { view: narrow })
  const schema = buildClientSchema(overTheWire(data) as unknown as IntrospectionQuery)
  expect(printSchema(schema)).toBe(printSchema(narrow.schema))
  expect(federation.calls).toEqual([])
})

test('the open view shows the public schema, without what federation needs', async () => {
  const { data } = await federation.run('{ __schema { types { name } directives { name } } }')
  const { types, directives } = (overTheWire(data) as unknown as IntrospectionQuery).__schema
  const names = [...types, ...directives].map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['User', 'Media', 'skip']))
  expect(names.filter(name => /join|link|inaccessible|_Any|_Entity|_Service/.test(name))).toEqual([])
})

test('introspection and data come in one answer, in the order of the document', async () => {
  const query = `query ($t: String!, $deep: Boolean!) {
    a: __typename ...I me { name } s: __schema { queryType { ...N } } c: __typename
  } fragment I on Query { user: __type(name: $t) { ...N fields @include(if: $deep) { name } } gone: __type(name: "Nobody") { name } }
  fragment N on __Type { name }`
  const { data } = await federation.run(query, { t: 'User', deep: true }, { view: narrow })
  expect(JSON.stringify(data)).toBe(
    '{"a":"Query","user":{"name":"User","fields":[{"name":"id"},{"name":"name"}]},"gone":null,"me":{"name":"User 1"},"s":{"queryType":{"name":"Query"}},"c":"Query"}'
  )
  const shallow = await federation.run(query, { t: 'User', deep: false }, { view: narrow })
  expect(overTheWire(shallow.data)).toMatchObject({ user: { name: 'User' } })
})

test('a type that the view hides is not there', async () => {
  const { data } = await federation.run('{ __type(name: "Product") { name } }', {}, { view: narrow })
  expect(overTheWire(data)).toEqual({ __type: null })
})

test('a row says its own type, under any name', async () => {
  const { data } = await federation.run('{ me { __typename t: __typename friend { x: __typename } } }')
  expect(overTheWire(data)).toEqual({ me: { __typename: 'User', t: 'User', friend: { x: 'User' } } })
})

test('the same question about another type is answered anew', async () => {
  const query = 'query ($t: String!) { __type(name: $t) { name } }'
  for (const t of ['User', 'Media', 'User', 'Absent']) {
    const { data } = await federation.run(query, { t })
    expect(overTheWire(data)).toEqual({ __type: t === 'Absent' ? null : { name: t } })
  }
})

test('introspection that tells the schema many times over is refused before it is told (B16)', async () => {
  const types = '{ __schema { types { fields { type { fields { name type { name kind } } } } } } }'
  const wide = Array.from(
    { length: 60 },
    (_, i) => `type T${i} { ${Array.from({ length: 30 }, (__, j) => `f${j}: T${(i + j) % 60}`).join(' ')} }`
  )
  const view: View = { ...federation.view, id: 'wide', schema: buildSchema(`type Query { t: T0 } ${wide.join(' ')}`) }
  await expect((async () => federation.run(types, {}, { view }))()).rejects.toMatchObject({
    errors: [{ extensions: { code: 'OPERATION_LIMIT', limit: 'introspection' } }]
  })
  expect((await federation.run(getIntrospectionQuery(), {}, { view })).errors).toBeUndefined()
})
