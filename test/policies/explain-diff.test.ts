import type { GrantClause } from '../../policies/contract.ts'
import { diffBooks } from '../../policies/diff-books.ts'
import { explain } from '../../policies/explain.ts'
import { book, contract, contractFromYaml } from './fixture.ts'

const ASK: GrantClause = { on: 'Query', fields: ['order', 'orders'] }
const day: GrantClause = { on: 'Order', fields: ['placedAt'], mask: 'day' }

describe('explain', () => {
  test('names the clause that decides, its line, its mask and its rows', () => {
    const text = `id: sales-partner
version: 1.2.0
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
  - { on: Query, fields: [order] }
  - on: Order
    fields:
      - id
      - placedAt
    mask: { constant: x }
signatures:
  - { person: ann, role: business, at: 2025-12-01 }
  - { person: ian, role: it, at: 2025-12-01 }
  - { person: lea, role: legal, at: 2025-12-01 }
`
    expect(explain(book([contractFromYaml(text, 's.yaml')]), 'partner', 'Order.placedAt')).toEqual({
      coordinate: 'Order.placedAt',
      party: 'partner',
      verdict: 'masked',
      owner: 'sales',
      why: 'it is granted as constant "x" on rows where channel in [$channel] (K6)',
      clauses: [
        {
          contract: 'sales-partner',
          version: '1.2.0',
          file: 's.yaml',
          line: 17,
          mask: 'constant "x"',
          rows: 'channel in [$channel]'
        }
      ],
      lift: 'sales would have to grant it without a mask',
      through: []
    })
  })

  test.each([
    [
      'what nobody granted',
      'Order.note',
      [],
      'hidden',
      'no contract grants it',
      'A contract sales → partner that grants Order.note'
    ],
    [
      'what leads nowhere',
      'Address.street',
      [{ on: 'Address', fields: ['street'] }],
      'hidden',
      'it is granted, but nothing that the party may ask leads to it',
      'Grant a field that returns Address'
    ],
    [
      'plumbing',
      'Money.amount',
      [{ on: 'Order', fields: ['total'] }],
      'visible',
      'it is plumbing (@commons), visible wherever it is reached (K2)',
      null
    ],
    [
      'plumbing that is not reached',
      'Money.amount',
      [],
      'hidden',
      'it is plumbing, and nothing that the party may ask leads to it',
      null
    ],
    ['what does not exist', 'Order.nope', [], 'unknown', 'there is no such field', 'Write Type.field']
  ] as const)('says why of %s', (_, coordinate, grants, verdict, why, lift) => {
    const compiled = book([contract([ASK, { on: 'Order', fields: ['id'] }, ...grants])])
    expect(explain(compiled, 'partner', coordinate)).toMatchObject({ verdict, why, lift })
  })

  test('says which contract would grant it, and why it does not yet', () => {
    const compiled = book([contract([{ on: 'Order', fields: ['id', 'note'] }], { status: 'AGREED' })])
    expect(explain(compiled, 'partner', 'Order.note')).toMatchObject({
      verdict: 'hidden',
      why: 'sales-partner 1.0.0 would grant it, but is AGREED',
      clauses: [{ contract: 'sales-partner' }]
    })
  })

  test('K5: says what is withheld and what would lift it', () => {
    const compiled = book([
      contract([ASK, { on: 'Order', fields: ['id'] }]),
      contract([{ on: 'Order', fields: ['intents'] }], { provider: 'fulfillment' })
    ])
    const explanation = explain(compiled, 'partner', 'Order.intents')
    expect(explanation.why).toBe('it is granted, and withheld, because the contracts together may not show it')
    expect(explanation.lift).toMatch(/Let sales grant Order\.note/)
  })

  test('names the fields through which a hidden one can be reached', () => {
    const clause = { source: 'Order.note', through: 'Order.intents', why: 'x', by: 'ann' }
    const compiled = book([
      contract([ASK, { on: 'Order', fields: ['id'] }], { declassify: [clause] }),
      contract([{ on: 'Order', fields: ['intents'] }], { provider: 'fulfillment' })
    ])
    expect(explain(compiled, 'partner', 'Order.note')).toMatchObject({ verdict: 'hidden', through: ['Order.intents'] })
  })
})

describe('diff', () => {
  const before = [
    contract([ASK, { on: 'Order', fields: ['id', 'note'] }, day], { scope: { read: { channel: ['WECHAT'] } } })
  ]

  test.each([
    ['the same contracts', before, []],
    [
      'another field',
      [
        contract([ASK, { on: 'Order', fields: ['id', 'note', 'number'] }, day], {
          scope: { read: { channel: ['WECHAT'] } }
        })
      ],
      ['partner widens Order.number: nothing → channel in [WECHAT]']
    ],
    [
      'a field less',
      [contract([ASK, { on: 'Order', fields: ['id'] }, day], { scope: { read: { channel: ['WECHAT'] } } })],
      ['partner narrows Order.note: channel in [WECHAT] → nothing']
    ],
    [
      'a stronger mask',
      [
        contract([ASK, { on: 'Order', fields: ['id', 'note'] }, { ...day, mask: 'month' }], {
          scope: { read: { channel: ['WECHAT'] } }
        })
      ],
      ['partner narrows Order.placedAt: channel in [WECHAT], as day → channel in [WECHAT], as month']
    ],
    [
      'other rows',
      [contract([ASK, { on: 'Order', fields: ['id', 'note'] }, day], { scope: { read: { channel: ['JD'] } } })],
      ['id', 'note', 'placedAt'].map(f =>
        `partner changed Order.${f}: channel in [WECHAT] → channel in [JD]`.replace(
          /(WECHAT|JD)\]/g,
          f === 'placedAt' ? '$1], as day' : '$1]'
        )
      )
    ],
    [
      'more rows and less mask',
      [
        contract([ASK, { on: 'Order', fields: ['id', 'note', 'placedAt'] }], {
          scope: { read: { channel: ['JD', 'WECHAT'] } }
        })
      ],
      [
        'partner widens Order.id: channel in [WECHAT] → channel in [JD, WECHAT]',
        'partner widens Order.note: channel in [WECHAT] → channel in [JD, WECHAT]',
        'partner widens Order.placedAt: channel in [WECHAT], as day → channel in [JD, WECHAT]'
      ]
    ]
  ] as const)('says of %s what it widens and narrows, and for whom', (_, after, expected) => {
    const changes = diffBooks(book(before), book(after))
    expect(changes.map(c => `${c.party} ${c.effect} ${c.subject}: ${c.before} → ${c.after}`)).toEqual(expected)
  })

  test('K7: says when a party may write more', () => {
    const submit: GrantClause = { on: 'Mutation', fields: ['submitOrder'] }
    const after = [
      ...before.map(c =>
        contract([...c.document.grants, submit], {
          scope: { read: { channel: ['WECHAT'] }, write: { channel: ['WECHAT'] } }
        })
      )
    ]
    const subjects = diffBooks(book(before), book(after)).map(c => `${c.effect} ${c.subject}`)
    expect(subjects).toEqual(['widens Mutation.submitOrder', 'widens write Order'])
  })
})
