import type { ContractDocument, GrantClause } from '../../policies/contract.ts'
import { book, contract, errorsOf } from './fixture.ts'

type Case = readonly [name: string, grants: readonly GrantClause[], over: Partial<ContractDocument>, message: string]

const ORDER: GrantClause = { on: 'Order', fields: ['id'] }

const CASES: readonly Case[] = [
  ['an unknown type', [{ on: 'Oder', fields: ['id'] }], {}, 'there is no type Oder; did you mean "Order"'],
  [
    'an unknown field',
    [{ on: 'Order', fields: ['plcedAt'] }],
    {},
    'Order has no field "plcedAt"; did you mean "placedAt"'
  ],
  ['a hidden field of the machinery', [{ on: 'Order', fields: ['metScopes'] }], {}, 'Order has no field "metScopes"'],
  [
    'what another department owns (K2)',
    [{ on: 'Order', fields: ['intents'] }],
    {},
    'Order.intents is owned by fulfillment, not by sales'
  ],
  ['all of a type of which it owns nothing (K2)', [{ on: 'Stock', fields: '*' }], {}, 'sales owns no field of Stock'],
  ['an interface (K8)', [{ on: 'Party', fields: ['taxId'] }], {}, 'Party is an interface'],
  ['an enum', [{ on: 'Channel', fields: ['WECHAT'] }], {}, 'Channel has no fields that can be granted'],
  ['named fields of every type', [{ on: '*', fields: ['id'] }], {}, 'fields of every type cannot be named one by one'],
  ['an exception from a list', [{ on: 'Order', fields: ['id'], except: ['note'] }], {}, 'except goes with fields: "*"'],
  [
    'an unknown exception',
    [{ on: 'Order', fields: '*', except: ['nope'] }],
    {},
    'Order has no field "nope"; did you mean "note"'
  ],
  [
    'a mask on the wrong type (K6)',
    [{ on: 'Order', fields: ['number'], mask: 'day' }],
    {},
    'Order.number: mask day is for DateTime, and this is String'
  ],
  [
    'a mask on an object',
    [{ on: 'Order', fields: ['total'], mask: { constant: 0 } }],
    {},
    'Order.total: Money is not a single value: mask its fields one by one'
  ],
  [
    'one field plain and masked on the same rows',
    [
      { on: 'Order', fields: '*' },
      { on: 'Order', fields: ['note'], mask: 'initial' }
    ],
    {},
    'Order.note is granted plain and masked (initial) on the same rows'
  ],
  ['rows without saying which (K4)', [ORDER], { scope: {} }, 'Order.id is granted without saying on which rows'],
  [
    'a key that the type is not scoped by (K4)',
    [{ on: 'Customer', fields: ['id'] }],
    { scope: { read: { supplierIds: ['acme'] } } },
    'Customer is not scoped by supplierIds'
  ],
  [
    'a claim that nobody has (K1)',
    [ORDER],
    { scope: { read: { supplierIds: ['$suplier'] } } },
    'no consumer of partner has the claim $suplier; did you mean "supplier"'
  ],
  [
    'a channel that does not exist',
    [ORDER],
    { scope: { read: { channel: ['WECAT'] } } },
    'there is no channel WECAT; did you mean "WECHAT"'
  ],
  [
    'a mutation without saying what it may write (K7)',
    [{ on: 'Mutation', fields: ['cancelOrder'] }],
    { scope: { read: 'all' } },
    'Mutation.cancelOrder is granted without saying on which rows'
  ],
  [
    'a mutation of what cannot be limited (K7)',
    [{ on: 'Mutation', fields: ['addNote'], scope: { channel: ['WECHAT'] } }],
    {},
    'addNote writes Address, whose rows cannot be limited'
  ],
  [
    'records at stage aggregate (O6)',
    [ORDER],
    { stage: 'aggregate' },
    'Order is a record, and stage aggregate shares no records'
  ],
  [
    'a provider that owns nothing',
    [ORDER],
    { provider: 'sale' },
    '"sale" owns nothing in the graph; did you mean "sales"'
  ],
  [
    'a consumer that does not exist (K1)',
    [ORDER],
    { consumer: 'partnr' },
    'no consumer belongs to the party "partnr"; did you mean "partner"'
  ],
  ['a department sharing with itself', [ORDER], { consumer: 'sales' }, 'sales shares with itself'],
  [
    'an end before its beginning',
    [ORDER],
    { valid: { from: '2026-05-01', until: '2026-04-01' } },
    'it ends on 2026-04-01, before it begins on 2026-05-01'
  ],
  ['no signatures', [ORDER], { signatures: [] }, 'it is FINALIZED without a signature of business and it and legal'],
  [
    'a signature of another department (K2)',
    [ORDER],
    {
      signatures: [
        { person: 'bob', role: 'business', at: '2025-12-01' },
        { person: 'ian', role: 'it', at: '2025-12-01' },
        { person: 'lea', role: 'legal', at: '2025-12-01' }
      ]
    },
    'nobody of sales signed for the business'
  ],
  [
    'someone signing as what they are not',
    [ORDER],
    { status: 'AGREED', signatures: [{ person: 'ian', role: 'legal', at: '2025-12-01' }] },
    'Ian signs as it, not as legal'
  ],
  [
    'someone unknown signing',
    [ORDER],
    { status: 'AGREED', signatures: [{ person: 'anna', role: 'business', at: '2025-12-01' }] },
    '"anna" is nobody who signs; did you mean "ann"'
  ],
  [
    'a declassification by someone else (K5)',
    [ORDER],
    { declassify: [{ source: 'Order.note', through: 'Order.intents', why: 'x', by: 'bob' }] },
    'Order.note belongs to sales, and bob is not one of theirs'
  ],
  [
    'a declassification of what is not built from it (K5)',
    [ORDER],
    { declassify: [{ source: 'Order.note', through: 'Order.number', why: 'x', by: 'ann' }] },
    'Order.number is not built from Order.note'
  ],
  [
    'an exception that the owner did not sign (K6)',
    [{ on: 'Subscription', fields: ['orderChanged'], exception: { why: 'x', by: 'bob' } }],
    {},
    'bob is not a person of sales'
  ]
]

describe('a contract does not compile when it has', () => {
  test.each(CASES)('%s', (_, grants, over, message) => {
    expect(errorsOf([contract(grants, over)])).toContain(message)
  })

  test('an error, and then it grants nothing while others stand', () => {
    const bad = contract([
      { on: 'Query', fields: ['order'] },
      { on: 'Order', fields: ['id', 'nope'] }
    ])
    const good = contract(
      [
        { on: 'Query', fields: ['stock'] },
        { on: 'Stock', fields: '*' }
      ],
      { provider: 'fulfillment' }
    )
    const view = book([bad, good]).view('partner')
    expect(view?.isVisible('Query.order')).toBe(false)
    expect(view?.isVisible('Stock.sku')).toBe(true)
  })

  test('the same id in force twice, and then neither grants', () => {
    const grants: readonly GrantClause[] = [{ on: 'Query', fields: ['order'] }, ORDER]
    const two = [contract(grants), contract(grants, { version: '2.0.0' })]
    expect(errorsOf(two)).toEqual(['sales-partner is in force twice: 1.0.0, 2.0.0'])
    expect(book(two).view('partner')).toBeNull()
  })

  test('nothing but what leads nowhere, or no key: that is remarked, and granted', () => {
    const warnings = (grants: readonly GrantClause[]) =>
      book([contract(grants)]).problems.map(p => `${p.severity}: ${p.message}`)
    expect(
      warnings([
        { on: 'Query', fields: ['order'] },
        { on: 'Order', fields: ['number'] }
      ])
    ).toEqual(['warning: Order is granted to partner without its key id, so nobody can ask for one again'])
    expect(warnings([{ on: 'Query', fields: ['order'] }, ORDER, { on: 'Address', fields: '*' }])).toEqual([
      'warning: Address is granted to partner, and nothing that it may ask leads there'
    ])
  })
})
