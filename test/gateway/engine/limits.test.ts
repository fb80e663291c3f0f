import { getIntrospectionQuery } from 'graphql'
import { RequestError } from '../../../gateway/engine.ts'
import { scan } from '../../../gateway/prepare/scan.ts'
import { caller, type Federation, federate } from '../../support/federation.ts'
import { SHOP } from '../../support/shop.ts'

const federation = federate(SHOP)

function outcome(query: string, on: Federation = federation): string {
  try {
    on.engine.prepare({ query }, caller(on))
    return 'accepted'
  } catch (thrown) {
    if (!(thrown instanceof RequestError)) throw thrown
    expect(thrown.status).toBe(400)
    return `${thrown.errors[0]?.extensions['code']}: ${thrown.message}`
  }
}

const repeat = (n: number, make: (i: number) => string) => Array.from({ length: n }, (_, i) => make(i)).join(' ')
const chain = (n: number) => `${'{ friend '.repeat(n - 1)}{ id }${'}'.repeat(n - 1)}`

describe('limits', () => {
  test.each([
    ['depth', `{ me ${chain(11)} }`, `{ me ${chain(12)} }`, /nested deeper than 12/],
    [
      'aliases',
      `{ me { ${repeat(30, i => `a${i}: id`)} } }`,
      `{ me { ${repeat(31, i => `a${i}: id`)} } }`,
      /more than 30 aliases/
    ],
    [
      'root fields',
      `{ ${repeat(10, () => 'me { id }')} }`,
      `{ ${repeat(11, () => 'me { id }')} }`,
      /more than 10 root fields/
    ],
    [
      'directives',
      `{ me { ${repeat(30, () => 'id @include(if: true)')} } }`,
      `{ me { ${repeat(31, () => 'id @include(if: true)')} } }`,
      /more than 30 directives/
    ],
    [
      'tokens',
      `{ ${repeat(4, i => `e${i}: echo(input: { colors: [${repeat(980, () => 'RED')}] })`)} }`,
      `{ ${repeat(4, i => `e${i}: echo(input: { colors: [${repeat(1000, () => 'RED')}] })`)} }`,
      /more than 4000 tokens/
    ]
  ])('%s: up to it is accepted, beyond it is refused', (_, within, beyond, message) => {
    expect(outcome(within)).toBe('accepted')
    expect(outcome(beyond)).toMatch(/^OPERATION_LIMIT/)
    expect(outcome(beyond)).toMatch(message)
  })

  test('of mutations', () => {
    const sdl = 'type Query { a: Int } type Mutation { bump(by: Int): Int }'
    const other = federate({ only: { sdl } })
    expect(outcome(`mutation { ${repeat(5, i => `a${i}: bump`)} }`, other)).toBe('accepted')
    expect(outcome(`mutation { ${repeat(6, i => `a${i}: bump`)} }`, other)).toMatch(/more than 5 mutations/)
  })

  test('count what fragments hide', () => {
    expect(
      outcome(
        '{ me { ...A } } fragment A on User { friend { friend { friend { friend { ...B } } } } } fragment B on User { friend { friend { friend { friend { friend { friend { friend { id } } } } } } } }'
      )
    ).toMatch(/deeper/)
    expect(outcome(`{ ...A ...A } fragment A on Query { ${repeat(6, () => 'me { id }')} }`)).toMatch(/root fields/)
    expect(
      outcome(`{ me { friend { ...A } bestFriend { ...A } } } fragment A on User { ${repeat(16, i => `a${i}: id`)} }`)
    ).toMatch(/aliases/)
  })

  test('find fragments that multiply before anything multiplies', () => {
    const bomb = `{ me { ...F0 } } ${repeat(60, i => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`)} fragment F60 on User { id }`
    expect(outcome(bomb)).toMatch(/more than 10000 fields/)
  })

  test('hold for every operation of a document', () => {
    expect(outcome(`query A { me { id } } query B { me ${chain(20)} }`)).toMatch(/deeper/)
  })

  test.each([
    ['fields', `${'{me'.repeat(100_000)}`],
    ['lists', `{ a(x: ${'['.repeat(100_000)}`],
    ['objects', `{ a(x: ${'{a:'.repeat(100_000)}`],
    ['types of variables', `query ($a: ${'['.repeat(100_000)}`]
  ])('end no request in a stack overflow: %s within each other', (_, query) => {
    expect(outcome(query)).toMatch(/^OPERATION_LIMIT/)
  })

  test('do not mistake brackets in texts and comments for nesting', () => {
    const brackets = '{[('.repeat(100)
    const excess = (text: string, nesting: number) => scan(text, { nesting, tokens: 100 })
    expect(
      excess(`{ a(x: "${brackets}\\"${brackets}") } # ${brackets}\n{ b(y: """ ${brackets} \\""" ${brackets}""") }`, 3)
    ).toBe(null)
    expect(excess(`{ a # } } }\n { b { c } } }`, 2)).toBe('nesting')
    expect(excess('{ a(x: "unterminated\n { { { ', 3)).toBe('nesting')
  })

  test('let the usual introspection query through, and no deeper one', () => {
    expect(outcome(getIntrospectionQuery())).toBe('accepted')
    expect(outcome(`{ __schema { queryType ${'{ fields { type '.repeat(9)} { name } ${'} }'.repeat(9)} } }`)).toMatch(
      /^(OPERATION_LIMIT|GRAPHQL_VALIDATION)/
    )
  })

  test('can be set', () => {
    const strict = federate(SHOP, { limits: { depth: 2 } })
    expect(outcome('{ me { id } }', strict)).toBe('accepted')
    expect(outcome('{ me { friend { id } } }', strict)).toMatch(/deeper than 2/)
  })

  test('give planning a budget', async () => {
    const hasty = federate(SHOP, { limits: { planning: 1 } })
    const query = `{ ${repeat(10, i => `p${i}: products { ${repeat(2, j => `r${i}${j}: reviews { author { name nick reviews { product { shipping boxes stock title reviews { author { name bestFriend { name } } } } } } }`)} }`)} }`
    await expect(hasty.run(query)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('too complex')
    })
  })
})
