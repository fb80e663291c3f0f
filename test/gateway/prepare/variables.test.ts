import type { GraphQLRequest, RequestError } from '../../../gateway/engine.ts'
import { caller, federate } from '../../support/federation.ts'
import { SHOP } from '../../support/shop.ts'
import { outcome } from './refusals.ts'

/** Security B11 and B12. */
const federation = federate(SHOP)
const query = 'query ($id: ID! = "1", $filter: Filter) { user(id: $id) { id } echo(input: $filter) }'
const of = (variables: unknown) => outcome(federation, { query, variables })

const nested = (depth: number): unknown => (depth === 0 ? {} : { inner: nested(depth - 1) })

describe('variables', () => {
  test('may be as large as 256 KB of JSON, and not larger', () => {
    expect(of({ filter: { text: 'x'.repeat(262_144 - 100) } })).toBe('accepted')
    expect(of({ filter: { text: 'x'.repeat(262_144) } })).toMatch(
      /^OPERATION_LIMIT: The variables are larger than 262144/
    )
  })

  test('are measured in bytes, not in characters', () => {
    expect(of({ filter: { text: '訂'.repeat(87_000) } })).toBe('accepted')
    expect(of({ filter: { text: '訂'.repeat(88_000) } })).toMatch(/^OPERATION_LIMIT/)
    expect(of({ filter: { text: '\u0001'.repeat(44_000) } })).toMatch(/^OPERATION_LIMIT/)
  })

  test('are measured even when the operation does not name them', () => {
    expect(of({ other: 'x'.repeat(300_000) })).toMatch(/^OPERATION_LIMIT/)
    expect(outcome(federation, { query: '{ me { id } }', variables: { other: 'x'.repeat(300_000) } })).toMatch(
      /^OPERATION_LIMIT/
    )
  })

  test('hold lists of a thousand items, and none longer', () => {
    expect(of({ filter: { colors: Array(1000).fill('RED') } })).toBe('accepted')
    expect(of({ filter: { colors: Array(1001).fill('RED') } })).toMatch(
      /^OPERATION_LIMIT: Variable "\$filter" holds more than 1000 items in one list/
    )
    expect(of({ filter: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`k${i}`, 1])) })).toMatch(
      /^OPERATION_LIMIT/
    )
  })

  test('are a thousand at most', () => {
    const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`v${i}`, 1]))
    expect(of(many(1000))).toBe('accepted')
    expect(of(many(10_000))).toMatch(/^OPERATION_LIMIT: The request has more than 1000 variables/)
  })

  test('nest twenty levels deep, and no deeper', () => {
    expect(of({ filter: nested(19) })).toBe('accepted')
    expect(of({ filter: nested(20) })).toMatch(/^OPERATION_LIMIT: Variable "\$filter" is nested deeper than 20/)
    let endless: unknown = {}
    for (let i = 0; i < 100_000; i++) endless = [endless]
    expect(of({ other: endless })).toMatch(/^OPERATION_LIMIT/)
  })

  test('hold no number that JSON cannot say', () => {
    const message = /^BAD_USER_INPUT: Variable "\$\w+" holds a number that is too large/
    expect(of(JSON.parse('{"filter":{"min":1e400}}'))).toMatch(message)
    expect(of(JSON.parse('{"id":1e400}'))).toMatch(message)
    expect(of(JSON.parse('{"other":[[-1e999]]}'))).toMatch(message)
  })

  test.each(['\u0000', '\ud800', '\u202e', '\r\nX: y', 'e\u0301'])('hold any text as it is: %j', text => {
    expect(of({ id: text })).toBe('accepted')
  })

  test('may be called like what every object has', () => {
    expect(of(JSON.parse('{"__proto__":{"admin":true},"constructor":1,"id":"1"}'))).toBe('accepted')
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
  })

  test('that are wrong in many ways are refused with ten errors at most', () => {
    const names = Array.from({ length: 300 }, (_, i) => `$v${i}`)
    const query = `query (${names.map(name => `${name}: Color!`).join(' ')}) { echo(input: { colors: [${names.join(' ')}] }) }`
    expect(refusals({ query })).toHaveLength(10)
    expect(refusals({ query, variables: Object.fromEntries(names.map(name => [name.slice(1), 'RET'])) })).toHaveLength(
      10
    )
  })
})

function refusals(request: GraphQLRequest): readonly unknown[] {
  try {
    federation.engine.prepare(request, caller(federation))
    return []
  } catch (thrown) {
    return (thrown as RequestError).errors
  }
}
