import { parse } from 'graphql'
import type { RowScope } from '../../../platform/scope/scope.ts'
import { productionOrderTriggered } from '../../../subgraphs/suppliers/subscriptions.ts'
import { acknowledge, list, only, orderSubmitted, routed, type SuppliersRoom, short, startSuppliers } from './given.ts'

const sees = (...scopes: readonly RowScope[]) => ({ Supplier: scopes, ProductionOrder: scopes })

/** One order of two SKUs that run short: acme makes one, orient the other. */
async function twoShortages(t: SuppliersRoom) {
  const shortages = [
    { sku: 'BRG', quantity: 2, supplierId: 'acme-bearings' },
    { sku: 'FLT', quantity: 3, supplierId: 'orient-filters' }
  ]
  const lines = [{}, { sku: 'FLT', supplierId: 'orient-filters' }]
  await t.append(orderSubmitted('ord_1', { lines }), routed('ord_1', 'stock.shortage', { shortages }))
  const [acmes, orients] = await list(t)
  if (!acmes || !orients) throw new Error('not two production orders')
  return { acmes, orients, acme: t.access({ read: sees({ supplierIds: ['acme-bearings'] }) }) }
}

describe('a supplier', () => {
  test('sees its own production orders, though the order has lines of others', async () => {
    await using t = await startSuppliers()
    const { acmes, acme } = await twoShortages(t)
    expect((await list(t, acme)).map(row => row.id)).toEqual([acmes.id])
    const { data } = await t.execute(
      '{ _entities(representations: [{ __typename: "Order", id: "ord_1" }]) { ... on Order { productionOrders { id } } } }',
      {},
      acme
    )
    expect(data).toEqual({ _entities: [{ productionOrders: [{ id: acmes.id }] }] })
  })

  test('sees itself and no other supplier', async () => {
    await using t = await startSuppliers()
    const acme = t.access({ read: sees({ supplierIds: ['acme-bearings'] }) })
    const { data } = await t.execute(
      '{ suppliers { totalCount nodes { id metScopes } } supplier(id: "orient-filters") { id } }',
      {},
      acme
    )
    expect(data).toEqual({
      suppliers: { totalCount: 1, nodes: [{ id: 'acme-bearings', metScopes: 1 }] },
      supplier: null
    })
  })

  test('gets events of its own production orders only', async () => {
    await using t = await startSuppliers()
    const { acmes, orients } = await twoShortages(t)
    const events = await t.logEvents(productionOrderTriggered.filter({}))
    expect(events.map(event => [event.aggregate.id, event.keys.supplierIds])).toEqual([
      [acmes.id, ['acme-bearings']],
      [orients.id, ['orient-filters']]
    ])
    expect(events.map(event => productionOrderTriggered.payload(event))).toMatchObject([
      {
        sku: 'BRG',
        quantity: 2,
        productionOrder: { __typename: 'ProductionOrder', id: acmes.id },
        order: { __typename: 'Order', id: 'ord_1' }
      },
      { sku: 'FLT' }
    ])
    expect(() => parse(productionOrderTriggered.sdl)).not.toThrow()
  })

  test('cannot acknowledge for another: it is not there, or not its own to change', async () => {
    await using t = await startSuppliers()
    const { acmes, orients } = await twoShortages(t)
    const write = { ProductionOrder: [{ supplierIds: ['acme-bearings'] }] }
    const promise = { promisedDate: '2026-03-09', quantity: 1 }
    const stranger = t.access({ write, read: sees({ supplierIds: ['acme-bearings'] }) })
    const blind = await acknowledge(t, { productionOrderId: orients.id, ...promise }, stranger)
    expect(blind).toMatchObject({ productionOrder: null, userErrors: [{ code: 'NOT_FOUND' }] })
    const seeing = await acknowledge(t, { productionOrderId: orients.id, ...promise }, t.access({ write }))
    expect(seeing).toMatchObject({ productionOrder: null, userErrors: [{ code: 'OUT_OF_SCOPE' }] })
    const own = await acknowledge(t, { productionOrderId: acmes.id, ...promise }, stranger)
    expect(own).toMatchObject({ productionOrder: { id: acmes.id, status: 'ACKNOWLEDGED' }, userErrors: [] })
  })
})

test('a reference outside scope is null, and rows say which scopes they met', async () => {
  await using t = await startSuppliers()
  const { acmes, orients } = await twoShortages(t)
  const representations = [
    { __typename: 'ProductionOrder', id: acmes.id },
    { __typename: 'ProductionOrder', id: orients.id },
    { __typename: 'Supplier', id: 'orient-filters' },
    { __typename: 'Supplier', id: 'acme-bearings' }
  ]
  const { data, errors } = await t.execute(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on ProductionOrder { id metScopes supplier { id } }
      ... on Supplier { name metScopes } } }`,
    { representations },
    t.access({
      read: {
        ProductionOrder: [
          { channel: ['TAOBAO'], supplierIds: ['acme-bearings'] },
          { channel: ['JD'] },
          { region: ['Shanghai'], supplierIds: ['acme-bearings'] }
        ],
        Supplier: [{ channel: ['TAOBAO'] }, { supplierIds: ['orient-filters'] }]
      }
    })
  )
  expect(errors).toBeUndefined()
  expect(data).toEqual({
    _entities: [
      { id: acmes.id, metScopes: 0b101, supplier: null },
      null,
      { name: 'Orient Filters', metScopes: 0b10 },
      null
    ]
  })
})

test('without a scope, in another company, or before its order is known, nothing is there', async () => {
  await using t = await startSuppliers()
  await t.append(short('ord_1'))
  expect(await list(t)).toEqual([])
  await t.append(orderSubmitted('ord_1'))
  expect(await only(t)).toMatchObject({ sku: 'BRG' })
  expect(await list(t, t.access({ read: {} }))).toEqual([])
  expect(await list(t, t.access({ company: 'other' }))).toEqual([])
})

test('lists by order, supplier and status', async () => {
  await using t = await startSuppliers()
  const { acmes, orients } = await twoShortages(t)
  await t.append(orderSubmitted('ord_2'), short('ord_2'))
  await acknowledge(t, { productionOrderId: orients.id, promisedDate: '2026-03-09', quantity: 1 })
  const ids = async (filter: object) => (await list(t, undefined, filter)).map(row => row.id)
  expect(await ids({ orderId: 'ord_1' })).toEqual([acmes.id, orients.id])
  expect(await ids({ orderId: 'ord_1', supplierId: 'acme-bearings' })).toEqual([acmes.id])
  expect(await ids({ status: ['ACKNOWLEDGED'] })).toEqual([orients.id])
  expect(await ids({ status: [] })).toEqual([])
})
