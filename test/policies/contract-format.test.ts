import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readContract } from '../../gateway/policy-shape.ts'
import { parseYaml } from '../../gateway/yaml-source.ts'
import { packageRoot } from '../../platform/root.ts'
import { CONTRACT_SCHEMA } from '../../policies/contract-schema.ts'
import { describeProblem } from '../../policies/problem.ts'
import { book, contractFromYaml } from './fixture.ts'

const GOOD = `id: sales-partner
version: 1.0.0
status: FINALIZED
stage: pilot
provider: sales
consumer: partner
purpose: a test
valid: { from: 2026-01-01, until: 2026-12-31 }
notice: P30D
scope:
  read: { channel: [$channel] }
grants:
  - on: Query
    fields: [order, orders]
  - on: Order
    fields:
      - id
      - number
signatures:
  - { person: ann, role: business, at: 2025-12-01 }
  - { person: ian, role: it, at: 2025-12-01 }
  - { person: lea, role: legal, at: 2025-12-01 }
`

/** First problem of the text, as a person reads it. */
function firstProblem(text: string): string | undefined {
  const source = parseYaml(text, 'a.contract.yaml')
  const { document, problems } = readContract(source.value, source)
  const found = source.problems.length ? source.problems : document ? book([{ document, source }]).problems : problems
  return found[0] && describeProblem(found[0])
}

describe('the contract format', () => {
  test('contract.schema.json is what the compiler checks by', () => {
    const file = readFileSync(join(packageRoot, 'policies', 'contract.schema.json'), 'utf8')
    expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(CONTRACT_SCHEMA)))
  })

  test('a good contract compiles without a word', () => {
    expect(book([contractFromYaml(GOOD)]).problems).toEqual([])
  })

  test.each([
    ['broken YAML', 'valid: {', 'valid: { a, {', /^a\.contract\.yaml:9: .*Correct the YAML\.$/],
    [
      'a key twice',
      'version: 1.0.0',
      'id: again',
      /^a\.contract\.yaml:2: Map keys must be unique\. Correct the YAML\.$/
    ],
    ['a missing clause', 'notice: P30D\n', '', /^a\.contract\.yaml:1: "notice" is missing\. Add notice\.$/],
    [
      'an unknown clause',
      'notice: P30D',
      'notice: P30D\nbudget: 5',
      /^a\.contract\.yaml:10 budget: "budget" is not a clause here\. Remove it, or correct its name\.$/
    ],
    [
      'an unknown status',
      'FINALIZED',
      'DONE',
      /^a\.contract\.yaml:3 status: status is not known\. Use one of REQUESTED, .*TERMINATED\.$/
    ],
    [
      'an unknown mask',
      'fields: [order, orders]',
      'fields: [order, orders]\n    mask: hash',
      /^a\.contract\.yaml:15 grants\[0\]\.mask: mask is none of the forms/
    ],
    [
      'a version that is a number',
      'version: 1.0.0',
      'version: 1.0',
      /^a\.contract\.yaml:2 version: version must be string/
    ],
    [
      'a day that does not exist',
      '2026-12-31',
      '2026-02-30',
      /^a\.contract\.yaml:8 valid\.until: until must match format "date"/
    ],
    [
      'an unknown field, with the line of the name',
      '      - number',
      '      - nummer',
      /^a\.contract\.yaml:18 grants\[1\]\.fields\[1\]: Order has no field "nummer"; did you mean "number"\. /
    ]
  ])('%s is named with file, line, clause and remedy', (_, from, to, expected) => {
    expect(firstProblem(GOOD.replace(from, to))).toMatch(expected)
  })

  test('a document full of references to itself is refused, not expanded', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`
    const { value, problems } = parseYaml(bomb, 'a.contract.yaml')
    expect(value).toBeNull()
    expect(problems.map(p => p.message)).toEqual(['Excessive alias count indicates a resource exhaustion attack'])
  })

  test('a key that is also a method of objects is data like any other', () => {
    expect(firstProblem(GOOD.replace('notice: P30D', 'notice: P30D\n__proto__: { status: FINALIZED }'))).toMatch(
      /"__proto__" is not a clause here/
    )
  })
})
