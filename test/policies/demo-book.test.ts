import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GraphQLSchema, parse, printType, validate, validateSchema } from 'graphql'
import { DEMO_CUSTOMER } from '../../demo/orders.ts'
import { loadContracts, loadDirectory } from '../../gateway/policies-files.ts'
import { packageRoot } from '../../platform/root.ts'
import { type CompiledBook, compileBook } from '../../policies/compile-book.ts'
import type { Directory } from '../../policies/directory.ts'
import { describeProblem } from '../../policies/problem.ts'

let book: CompiledBook
let directory: Directory

beforeAll(async () => {
  directory = await loadDirectory()
  const { contracts, problems } = await loadContracts()
  const supergraphSdl = readFileSync(join(packageRoot, 'schema', 'supergraph.graphql'), 'utf8')
  book = compileBook({ supergraphSdl, contracts, ...directory, now: Date.parse('2026-03-06T04:00:00Z') })
  expect([...problems, ...book.problems].map(describeProblem)).toEqual([])
})

function viewOf(consumer: string) {
  const known = directory.consumers.find(c => c.id === consumer)
  const view = known && book.view(known.party)
  if (!known || !view) throw new Error(`${consumer} has no view`)
  return { view, schema: view.schema, access: view.access(known) }
}

/** Messages of the errors that the operation meets in the consumer's view. */
function refusals(consumer: string, operation: string): readonly string[] {
  return validate(viewOf(consumer).schema, parse(operation)).map(e => e.message)
}

function text(schema: GraphQLSchema, type: string): string {
  const named = schema.getType(type)
  return named ? printType(named) : ''
}

describe('the demo company’s book', () => {
  const everyone = [
    'sales',
    'fulfillment',
    'procurement',
    'finance',
    'service',
    'acme-bearings',
    'northwind-foods',
    'orient-filters',
    'swift-express',
    'mall-partner',
    'customer-1001',
    'operator',
    'routing'
  ]

  test.each(everyone)('%s has a view whose schema is valid', consumer => {
    expect(validateSchema(viewOf(consumer).schema)).toEqual([])
  })

  test.each(everyone)('the claims of %s bind every row scope', consumer => {
    const { read, write } = viewOf(consumer).access
    for (const scope of [...Object.values(read), ...Object.values(write)].flat()) {
      for (const values of Object.values(scope)) expect(values).not.toEqual([])
    }
  })

  test('the first conflict: finance sees on which day an order was placed, and the hour nowhere (K6)', () => {
    const { view, schema } = viewOf('finance')
    expect(text(schema, 'Order')).toMatch(/placedAt: Date!/)
    expect(view.masks.get('Order.placedAt')?.apply('2026-03-05T16:00:00.000Z')).toBe('2026-03-06')
    expect(text(schema, 'TimelineEntry')).toMatch(/at: Date!/)
    expect(text(schema, 'OrderFilter')).not.toMatch(/placed/)
    expect(text(schema, 'OrderOrderField')).not.toMatch(/PLACED_AT/)
    expect(schema.getSubscriptionType()).toBeUndefined()
  })

  test('a supplier sees no customer, its own lines only, and when by the day (K4, K6)', () => {
    const { view, schema, access } = viewOf('acme-bearings')
    expect(text(schema, 'Order')).toMatch(/placedAt: Date!/)
    expect(text(schema, 'Order')).not.toMatch(/customer|shipTo|note|total/)
    expect(schema.getType('Customer')).toBeUndefined()
    expect(schema.getType('Money')).toBeUndefined()
    for (const type of ['Order', 'OrderLine', 'ProductionOrder', 'Supplier'])
      expect(access.read[type]).toEqual([{ supplierIds: ['acme-bearings'] }])
    expect(access.write).toEqual({ ProductionOrder: [{ supplierIds: ['acme-bearings'] }] })
    expect(view.isVisible('OrderFilter.channel')).toBe(false)
  })

  test.each(['acme-bearings', 'orient-filters'])(
    '%s hears at once what to make, by an exception of the owner, and no time tells the hour (K6)',
    consumer => {
      const { view, schema } = viewOf(consumer)
      expect(schema.getSubscriptionType()?.getFields()).toHaveProperty('productionOrderTriggered')
      const instants = book.graph.ownership.correlates('Order.placedAt').filter(field => view.isVisible(field))
      expect(instants).toContain('ProductionOrderTriggered.at')
      expect(instants.filter(field => view.masks.get(field)?.name !== 'day')).toEqual([])
      expect(text(schema, 'ProductionOrderTriggered')).toMatch(/at: Date!/)
      expect(view.isVisible('ProductionOrder.triggeredAt')).toBe(false)
    }
  )

  test('what happens within minutes of the placing gives its hour away (K6)', () => {
    expect([...book.graph.ownership.correlates('Order.placedAt')].sort()).toEqual([
      'OrderStatusChanged.at',
      'ProductionOrder.triggeredAt',
      'ProductionOrderTriggered.at',
      'PromiseRevised.at',
      'RoutingDecision.decidedAt',
      'StatusReport.occurredAt',
      'StatusReport.receivedAt',
      'TimelineEntry.at'
    ])
  })

  test('northwind-foods sees statistics and no single order (O6)', () => {
    const { schema, access } = viewOf('northwind-foods')
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {}).sort()).toEqual(['orderStatistics', 'viewer'])
    expect(schema.getType('Order')).toBeUndefined()
    expect(schema.getMutationType()).toBeUndefined()
    expect(access.read['OrderStatistics']).toEqual([{ supplierIds: ['northwind-foods'] }])
    expect(access.read['Order']).toBeUndefined()
  })

  test('mall-partner reads and submits in its own channel alone (K7)', () => {
    const { access } = viewOf('mall-partner')
    expect(access.read['Order']).toEqual([{ channel: ['WECHAT'] }])
    expect(access.write['Order']).toEqual([{ channel: ['WECHAT'] }])
    expect(
      refusals(
        'mall-partner',
        'mutation($i: SubmitOrderInput!) { submitOrder(input: $i) { order { id } userErrors { code } } }'
      )
    ).toEqual([])
    expect(
      refusals('mall-partner', 'mutation($i: PayOrderInput!) { payOrder(input: $i) { order { id } } }')
    ).not.toEqual([])
  })

  test('customer-1001 sees its own orders, and may cancel, confirm and return them', () => {
    const { access, schema } = viewOf('customer-1001')
    const own = { customerId: [DEMO_CUSTOMER.id] }
    expect(access.read['Order']).toEqual([own])
    expect(access.write).toEqual({ Order: [own], Return: [own] })
    expect(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort()).toEqual([
      'cancelOrder',
      'confirmReceipt',
      'requestReturn'
    ])
  })

  test('swift-express sees the orders that it carries', () => {
    const { access, schema } = viewOf('swift-express')
    expect(access.read['Order']).toEqual([{ carrier: ['swift-express'] }])
    expect(schema.getMutationType()).toBeUndefined()
  })

  test('operator sees everything', () => {
    const { view } = viewOf('operator')
    const hidden = book.graph.coordinates.filter(c => !view.isVisible(c))
    expect(hidden).toEqual([])
    expect(view.masks.size + view.cells.size).toBe(0)
  })

  test('routing reads notes and nothing else (W6)', () => {
    expect(refusals('routing', 'query($id: ID!) { order(id: $id) { id note } }')).toEqual([])
    expect(refusals('routing', '{ order(id: "x") { shipTo { line } } }')).not.toEqual([])
  })

  test('sales asks four subgraphs at once; acme-bearings, mall-partner and customers are refused what is not theirs', () => {
    const operation = `{ orders(first: 5) { nodes { id number status placedAt returns { id status } intents { code } promise { promisedTo }
      productionOrders { id supplier { name } quantity } } } }`
    const fields = (names: readonly string[]) => names.map(name => expect.stringContaining(`"${name}"`))
    expect(refusals('sales', operation)).toEqual([])
    expect(refusals('acme-bearings', operation)).toEqual(fields(['returns', 'intents', 'promise']))
    expect(refusals('mall-partner', operation)).toEqual(fields(['intents', 'productionOrders']))
  })
})
