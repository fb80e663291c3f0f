import { federate } from '../../support/federation.ts'
import { SHOP } from '../../support/shop.ts'
import { outcome, repeat } from './refusals.ts'

/** Security B1 to B10 and B16: documents that are small to send and dear to look at. */
const federation = federate(SHOP)
const of = (query: string) => outcome(federation, query)

/** With the limits that a text meets first out of the way, so that it meets the next. */
const generous = federate(SHOP, { limits: { tokens: 200_000, aliases: 100_000, rootFields: 100_000 } })

const chain = (n: number, last: string) =>
  `{ me { ...F0 } } ${repeat(n, i => `fragment F${i} on User { ...F${i + 1} }`)} fragment F${n} on User { ${last} }`

describe('documents that are made to be dear', () => {
  test('five thousand aliases are refused by their tokens, before anything is parsed', () => {
    const flood = `{ ${repeat(5000, i => `a${i}: user(id: "1") { id }`)}`
    // It would not even parse.
    expect(of(flood)).toBe('OPERATION_LIMIT: The document has more than 4000 tokens; split it into smaller operations.')
  })

  test('one field thousands of times is refused before validation compares each with each', () => {
    expect(of(`{ me { ${repeat(200, () => 'id')} } }`)).toBe('accepted')
    expect(of(`{ me { ${repeat(3900, () => 'id')} } }`)).toMatch(/^OPERATION_LIMIT.*same fields/)
    expect(of(`{ me { id } } fragment Unused on User { ${repeat(3900, () => 'id')} }`)).toMatch(/same fields/)
  })

  test('long arguments, which are compared each with each, count as often as they cost', () => {
    const times = (n: number, length: number) => `{ ${repeat(n, () => `user(id: "${'1'.repeat(length)}") { id }`)} }`
    const many = federate(SHOP, { limits: { rootFields: 1000 } })
    expect(outcome(many, times(20, 1000))).toBe('accepted')
    expect(outcome(many, times(100, 1))).toBe('accepted')
    expect(outcome(many, times(100, 1000))).toMatch(/^OPERATION_LIMIT.*same fields/)
  })

  test('inline fragments within inline fragments that all meet in one place', () => {
    const meet = (n: number) =>
      `{ ${repeat(n, () => `... on Query { me { ${repeat(n, () => '... on User { friend { id } }')} } }`)} }`
    expect(outcome(generous, meet(5))).toBe('accepted')
    expect(outcome(generous, meet(20))).toMatch(/^OPERATION_LIMIT.*same fields/)
    expect(outcome(generous, meet(40))).toMatch(/^OPERATION_LIMIT/)
  })

  test('hundreds of fragments that all meet in one place', () => {
    const meet = (n: number) =>
      `{ me { ${repeat(n, i => `...G${i}`)} } } ${repeat(n, i => `fragment G${i} on User { id ...H${i} } fragment H${i} on User { name }`)}`
    expect(of(meet(40))).toBe('accepted')
    expect(of(meet(150))).toMatch(/^OPERATION_LIMIT.*same fields/)
  })

  test('fragments that multiply', () => {
    const fan = (n: number) =>
      `{ me { ...F0 } } ${repeat(n, i => `fragment F${i} on User { friend { ...F${i + 1} } bestFriend { ...F${i + 1} } }`)} fragment F${n} on User { id }`
    expect(of(fan(9))).toBe('accepted')
    expect(of(fan(18))).toMatch(/^OPERATION_LIMIT/)
    expect(
      of(
        `{ me { ...F0 } } ${repeat(18, i => `fragment F${i} on User { a: friend { ...F${i + 1} } b: friend { ...F${i + 1} } }`)} fragment F18 on User { id }`
      )
    ).toMatch(/^OPERATION_LIMIT/)
  })

  test.each([
    ['with a field beside it', '{ ...A } fragment A on Query { __typename ...A }'],
    ['with a condition', 'query ($c: Boolean!) { ...A } fragment A on Query { __typename ...A @include(if: $c) }'],
    ['over another', '{ ...A } fragment A on Query { ...B } fragment B on Query { me { id } ...A }'],
    ['that nothing spreads', '{ me { id } } fragment A on Query { ...B } fragment B on Query { ...A }'],
    [
      'through thousands of others',
      `{ me { ...F0 } } ${repeat(5000, i => `fragment F${i} on User { ...F${(i + 1) % 5000} }`)}`
    ]
  ])('a fragment within itself, %s', (_, query) => {
    expect(outcome(generous, query)).toMatch(/^GRAPHQL_VALIDATION_FAILED: Cannot spread fragment "\w+" within itself/)
  })

  test('a chain of ten thousand fragments ends in no stack overflow', () => {
    expect(outcome(generous, chain(70, 'id'))).toBe('accepted')
    expect(outcome(generous, chain(10_000, 'id'))).toMatch(/^OPERATION_LIMIT.*fragments and selections deeper than 80/)
    const unused = chain(10_000, 'id').replace('...F0', 'id')
    expect(outcome(generous, unused)).toMatch(/^OPERATION_LIMIT.*fragments and selections deeper than 80/)
  })

  test('two fragments of one name, of which one alone would be measured', () => {
    const query = `{ me { ...A } } fragment A on User { ${repeat(3900, () => 'id')} } fragment A on User { id }`
    expect(of(query)).toBe('GRAPHQL_VALIDATION_FAILED: There can be only one fragment named "A".')
  })

  test('depth that hides in fragments', () => {
    const deep = `{ me { ...F0 } } ${repeat(11, i => `fragment F${i} on User { friend { ...F${i + 1} } }`)} fragment F11 on User { id }`
    expect(of(deep)).toMatch(/nested deeper than 12 fields/)
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'the name %s is a name like any other',
    name => {
      expect(of(`query ${name} { ${name}: me { ...${name} } } fragment ${name} on User { ${name}: id }`)).toBe(
        'accepted'
      )
    }
  )

  test('thousands of directives, and of mistakes', () => {
    expect(of(`{ me { id ${repeat(1200, () => '@aa')} } }`)).toMatch(/more than 30 directives/)
    // `outcome` counts the errors.
    expect(of(`{ me { ${repeat(1300, i => `x${i}`)} } }`)).toMatch(/^GRAPHQL_VALIDATION_FAILED/)
    expect(of(`query (${repeat(700, i => `$v${i}: Int!`)}) { me { id } }`)).toMatch(/^GRAPHQL_VALIDATION_FAILED/)
  })

  test('no message repeats a name however long it is', () => {
    expect(of(`{ me { ${'x'.repeat(100_000)} } }`).length).toBeLessThan(400)
    expect(of(`{ me { id } } fragment ${'x'.repeat(100_000)} on User { id }`).length).toBeLessThan(400)
    expect(of(`query ${'x'.repeat(1000)} { me { id } }`)).toMatch(/^OPERATION_LIMIT.*name of an operation/)
  })

  test('introspection of types within types', () => {
    const nested = (n: number) => `{ __schema { types ${'{ fields { type '.repeat(n)}{ name }${' } }'.repeat(n)} } }`
    expect(of(nested(1))).toBe('accepted')
    expect(of(nested(3))).toMatch(/^(OPERATION_LIMIT|GRAPHQL_VALIDATION_FAILED)/)
    expect(of(nested(30))).toMatch(/^(OPERATION_LIMIT|GRAPHQL_VALIDATION_FAILED)/)
  })
})

describe('values in a document', () => {
  test.each([
    ['a list', (n: number) => `{ echo(input: { colors: [${repeat(n, () => 'RED')}] }) }`],
    [
      'a list in a default',
      (n: number) => `query ($c: [Color!] = [${repeat(n, () => 'RED')}]) { echo(input: { colors: $c }) }`
    ],
    [
      'a list in a fragment',
      (n: number) => `{ ...A } fragment A on Query { echo(input: { colors: [${repeat(n, () => 'RED')}] }) }`
    ],
    ['a list in a directive', (n: number) => `{ me @skip(if: [${repeat(n, () => 'true')}]) { id } }`]
  ])('%s of more than a thousand items is refused', (_, query) => {
    expect(of(query(1000))).not.toMatch(/^OPERATION_LIMIT/)
    expect(of(query(1001))).toMatch(/^OPERATION_LIMIT: A list in the document has more than 1000 items/)
  })

  test('an object of more than a thousand fields is refused', () => {
    expect(outcome(generous, `{ echo(input: { ${repeat(1001, i => `f${i}: 1`)} }) }`)).toMatch(
      /^OPERATION_LIMIT: An object/
    )
  })

  test.each(['1e400', '-1e400', '9'.repeat(400)])('a number that would become infinite is refused: %s', number => {
    expect(of(`{ echo(input: { min: ${number} }) }`)).toBe(
      'GRAPHQL_VALIDATION_FAILED: A number in the document is too large.'
    )
  })

  test('a long text is data like any other, in whatever script', () => {
    expect(of(`{ user(id: "${'x'.repeat(900_000)}") { id } }`)).toBe('accepted')
    expect(of(`{ user(id: "${'e\u0301'.repeat(1000)}\u202e") { id } }`)).toBe('accepted')
  })

  test('half a character is refused', () => {
    expect(of('{ user(id: "\ud800") { id } }')).toMatch(/^GRAPHQL_PARSE_FAILED/)
  })
})
