import { printType } from 'graphql'
import type { Contract, ContractDocument, GrantClause } from '../../policies/contract.ts'
import { book, contract, errorsOf, viewOf } from './fixture.ts'

const ASK: GrantClause = { on: 'Query', fields: ['order', 'orders', 'sorted'] }
const intents = (over: Partial<ContractDocument> = {}): Contract =>
  contract([{ on: 'Order', fields: ['intents'] }], { provider: 'fulfillment', ...over })
const sales = (grants: readonly GrantClause[], over: Partial<ContractDocument> = {}): Contract =>
  contract([ASK, { on: 'Order', fields: ['id'] }, ...grants], over)

describe('derivation', () => {
  test('K5: a field built from another department’s facts needs the grant of each', () => {
    expect(errorsOf([sales([]), intents()])).toEqual([
      'Order.intents is built from Order.note, which partner may not see on the same rows'
    ])
    expect(
      book([sales([]), intents()])
        .view('partner')
        ?.isVisible('Order.intents')
    ).toBe(false)
    expect(viewOf([sales([{ on: 'Order', fields: ['note'] }]), intents()]).isVisible('Order.intents')).toBe(true)
  })

  test('K5: a masked fact, or one of fewer rows, is not enough', () => {
    expect(errorsOf([sales([{ on: 'Order', fields: ['note'], mask: 'initial' }]), intents()])).toHaveLength(1)
    expect(
      errorsOf([sales([{ on: 'Order', fields: ['note'], scope: { channel: ['WECHAT'] } }]), intents()])
    ).toHaveLength(1)
    const few = intents({ scope: { read: { channel: ['WECHAT'] } } })
    expect(errorsOf([sales([{ on: 'Order', fields: ['note'], scope: { channel: ['WECHAT'] } }]), few])).toEqual([])
  })

  test('K5: the owner of the fact may declassify it for one field', () => {
    const clause = { source: 'Order.note', through: 'Order.intents', why: 'intents tell no words', by: 'ann' }
    expect(viewOf([sales([]), intents({ declassify: [clause] })]).isVisible('Order.intents')).toBe(true)
    expect(viewOf([sales([], { declassify: [clause] }), intents()]).isVisible('Order.intents')).toBe(true)
  })

  test('security A11: it holds over any number of steps', () => {
    const promise = contract([{ on: 'Order', fields: ['promise'] }], { provider: 'fulfillment' })
    expect(errorsOf([sales([]), promise])).toEqual([
      'Order.promise is built from Order.note, which partner may not see on the same rows'
    ])
  })

  test('security A10: a field that requires a fact over the graph counts like one that says so', () => {
    const urgency = contract([{ on: 'Order', fields: ['urgency'] }], { provider: 'fulfillment' })
    expect(errorsOf([sales([]), urgency])).toHaveLength(1)
  })

  test('a department sees what it made itself', () => {
    expect(
      book([contract([ASK, { on: 'Order', fields: ['id'] }], { consumer: 'fulfillment' })])
        .view('fulfillment')
        ?.isVisible('Order.intents')
    ).toBe(true)
  })
})

describe('masked fields', () => {
  const day: GrantClause = { on: 'Order', fields: ['placedAt'], mask: 'day' }

  test('K6: the output scalar of the mask stands in the view', () => {
    const order = viewOf([sales([day])]).schema.getType('Order')
    expect(order && printType(order)).toMatch(/placedAt: Date!/)
  })

  test('K6: they have no filter and no sort, whatever their inputs are called', () => {
    const { schema } = viewOf([sales([day, { on: 'Order', fields: ['number', 'channel', 'status'] }])])
    const text = (name: string) => printType(schema.getType(name) ?? fail(name)).replace(/\s+/g, ' ')
    expect(text('OrderFilter')).toBe(
      'input OrderFilter { channel: Channel numberPrefix: String status: [OrderStatus!] }'
    )
    expect(text('OrderField')).toBe('enum OrderField { NUMBER }')
    expect(text('OrderSort')).toBe('enum OrderSort { NUMBER_ASC }')
    expect(text('Direction')).toBe('enum Direction { ASC DESC }')
  })

  test('K6, security A37: hidden fields and those that depend on the row have none either', () => {
    const hidden = viewOf([sales([{ on: 'Order', fields: ['number'] }])])
    expect(Object.keys(hidden.schema.getTypeMap())).toEqual(expect.arrayContaining(['OrderFilter']))
    expect(hidden.isVisible('OrderFilter.status')).toBe(false)
    expect(hidden.isVisible('OrderFilter.numberPrefix')).toBe(true)
    const partial = viewOf([
      sales([]),
      contract([{ on: 'Order', fields: ['id', 'number'] }], { id: 'b', scope: { read: { channel: ['WECHAT'] } } })
    ])
    expect(partial.isVisible('Order.number')).toBe(true)
    expect(partial.isVisible('OrderFilter.numberPrefix')).toBe(false)
  })

  test('K6: an argument with nothing left in it goes', () => {
    const query = viewOf([sales([])]).schema.getQueryType()
    expect(query && printType(query)).toMatch(/orders\(first: Int\)/)
    expect(query && printType(query)).toMatch(/sorted\(by: String\)/)
  })

  test('K6: a free text filter needs all that its owner has there', () => {
    expect(viewOf([contract([{ on: '*', fields: '*' }])]).isVisible('OrderFilter.text')).toBe(true)
    expect(
      viewOf([contract([ASK, { on: 'Order', fields: '*', except: ['note'] }, { on: 'Entry', fields: '*' }])]).isVisible(
        'OrderFilter.text'
      )
    ).toBe(false)
  })

  test('K6: what could give a masked field away takes the same mask, or does not compile', () => {
    const timeline: GrantClause = { on: 'Order', fields: ['timeline'] }
    const contracts = [sales([day, timeline, { on: 'Entry', fields: ['at'] }])]
    expect(errorsOf(contracts)).toEqual(['Order.placedAt is masked (day), and Entry.at gives it away'])
    expect(book(contracts).view('partner')?.isVisible('Entry.at')).toBe(false)
    expect(errorsOf([sales([day, timeline, { on: 'Entry', fields: ['at'], mask: 'day' }])])).toEqual([])
    expect(errorsOf([sales([day, timeline, { on: 'Entry', fields: ['at'], mask: 'month' }])])).toEqual([])
    expect(
      errorsOf([sales([{ ...day, mask: 'month' }, timeline, { on: 'Entry', fields: ['at'], mask: 'day' }])])
    ).toHaveLength(1)
    expect(
      errorsOf([sales([timeline, { on: 'Order', fields: ['placedAt'] }, { on: 'Entry', fields: ['at'] }])])
    ).toEqual([])
  })

  test('K6: a subscription that would tell by arriving needs the owner’s exception, and its times the mask', () => {
    const subscribe: GrantClause = { on: 'Subscription', fields: ['orderChanged'] }
    const event: GrantClause = { on: 'OrderChanged', fields: ['to'] }
    const contracts = [sales([day, subscribe, event])]
    expect(errorsOf(contracts)).toContain(
      'events of Subscription.orderChanged arrive when Order.placedAt happened, which is masked (day)'
    )
    expect(book(contracts).view('partner')?.isVisible('Subscription.orderChanged')).toBe(false)
    const excepted: GrantClause = { ...subscribe, exception: { why: 'the carrier knows the hour anyway', by: 'ann' } }
    expect(errorsOf([sales([day, excepted, event])])).toEqual([
      'Order.placedAt is masked (day), and OrderChanged.at gives it away'
    ])
    const view = viewOf([sales([day, excepted, event, { on: 'OrderChanged', fields: ['at'], mask: 'day' }])])
    expect(view.isVisible('Subscription.orderChanged')).toBe(true)
    expect(view.masks.get('OrderChanged.at')?.name).toBe('day')
    const envelope = view.schema.getType('Event')
    expect(envelope && printType(envelope)).toMatch(/at: Date!/)
  })
})

function fail(name: string): never {
  throw new Error(`${name} is not in the view`)
}
