import type { Access } from '../../../platform/scope/scope.ts'
import { type ImportedOrder, orders, type StartedOrders } from '../../../subgraphs/orders/subgraph.ts'
import { startTestRoom, type TestRoom } from '../../support/room.ts'

export type OrdersRoom = TestRoom<StartedOrders>

export const startOrders = (options?: Parameters<typeof startTestRoom>[1]): Promise<OrdersRoom> =>
  startTestRoom(orders, options)

export const FIELDS = `id number channel externalId status statusCode version cancelReason carrier placedAt note
  total { amount currency } state { payment fulfillment reverse active }
  customer { id name } lines { sku name quantity unitPrice { amount } supplier { id } }
  timeline { at status event actor }`

export interface OrderData {
  readonly id: string
  readonly number: string
  readonly externalId: string | null
  readonly status: string
  readonly statusCode: number
  readonly version: number
  readonly cancelReason: string | null
  readonly carrier: string | null
  readonly placedAt: string
  readonly note: string | null
  readonly total: { readonly amount: string; readonly currency: string } | null
  readonly state: { readonly reverse: string; readonly active: readonly string[] }
  readonly customer: { readonly id: string; readonly name: string | null } | null
  readonly lines: readonly { readonly sku: string; readonly name: string; readonly supplier: { id: string } | null }[]
  readonly timeline: readonly { readonly at: string; readonly status: string; readonly event: string; actor: string }[]
}

export interface PayloadData {
  readonly order: OrderData | null
  readonly userErrors: readonly { readonly code: string; readonly message: string; readonly path: readonly string[] }[]
}

/** What a shop submits: two bearings of acme and a filter of orient, 45.60 CNY in all. */
export const ORDER = {
  channel: 'TAOBAO',
  customer: { externalId: 'buyer-1', name: 'Li Lei', phone: '13800000000', region: 'Shanghai' },
  lines: [
    { sku: 'B1', name: 'Bearing', quantity: 2, unitPrice: '19.90', supplierId: 'acme-bearings' },
    { sku: 'F1', name: 'Filter', quantity: 1, unitPrice: '5.80', supplierId: 'orient-filters' }
  ],
  note: 'please hurry'
}

let keys = 0

/** Calls one mutation on one order with a fresh idempotency key. */
export async function mutate(
  t: OrdersRoom,
  mutation: 'submitOrder' | 'payOrder' | 'shipOrder' | 'confirmReceipt' | 'cancelOrder',
  input: Readonly<Record<string, unknown>>,
  access?: Access
): Promise<PayloadData> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
  keys += 1
  const answer = await t.execute<{ payload: PayloadData }>(
    `mutation ($input: ${type}!) { payload: ${mutation}(input: $input) { order { ${FIELDS} } userErrors { code message path } } }`,
    { input: { idempotencyKey: `key-${keys}`, ...input } },
    access
  )
  if (!answer.data || answer.errors) throw new Error(`${mutation}: ${JSON.stringify(answer.errors)}`)
  return answer.data.payload
}

/** An order that was just submitted. */
export async function submitted(t: OrdersRoom, over: Readonly<Record<string, unknown>> = {}): Promise<OrderData> {
  const { order, userErrors } = await mutate(t, 'submitOrder', { ...ORDER, ...over })
  if (!order) throw new Error(`not submitted: ${JSON.stringify(userErrors)}`)
  return order
}

/** The order as the caller now sees it. */
export async function read(t: OrdersRoom, id: string, access?: Access): Promise<OrderData | null> {
  const answer = await t.execute<{ order: OrderData | null }>(
    `query ($id: ID!) { order(id: $id) { ${FIELDS} } }`,
    { id },
    access
  )
  if (!answer.data) throw new Error(JSON.stringify(answer.errors))
  return answer.data.order
}

/** An order of another system that was delivered. */
export function imported(externalId: string, over: Partial<ImportedOrder> = {}): ImportedOrder {
  return {
    company: 'demo',
    channel: 'DIRECT',
    externalId,
    customer: { externalId: `person-of-${externalId}`, region: 'SP' },
    lines: [{ sku: 'B1', name: 'Bearing', quantity: 1, unitPriceMinor: 1990, supplierId: 'acme-bearings' }],
    currency: 'BRL',
    placedAt: '2018-01-09T16:33:00.000Z',
    history: [
      { status: 'PAID', at: '2018-01-09T16:48:00.000Z' },
      { status: 'SHIPPED', at: '2018-01-16T14:36:00.000Z' },
      { status: 'COMPLETED', at: '2018-01-22T15:19:00.000Z' }
    ],
    ...over
  }
}
