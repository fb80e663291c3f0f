import type { Access } from '../../../platform/scope/scope.ts'
import { suppliers } from '../../../subgraphs/suppliers/subgraph.ts'
import { startTestRoom, type TestEvent, type TestRoom } from '../../support/room.ts'

export type SuppliersRoom = TestRoom<Awaited<ReturnType<typeof suppliers.start>>>

/** The room with acme and orient, and bills of materials of a bearing (4 days at most) and a kit. */
export async function startSuppliers(options?: Parameters<typeof startTestRoom>[1]): Promise<SuppliersRoom> {
  const t = await startTestRoom(suppliers, options)
  await t.room.importSuppliers([
    { id: 'acme-bearings', name: 'Acme Bearings', stage: 'PILOT' },
    { id: 'orient-filters', name: 'Orient Filters', stage: 'COLLABORATION' }
  ])
  await t.room.importBoms([BEARING])
  return t
}

export const BEARING = {
  sku: 'BRG',
  lines: [
    { component: 'ball', quantityPer: 8, leadTimeDays: 2 },
    { component: 'cage', quantityPer: 1, leadTimeDays: 4 },
    { component: 'grease', quantityPer: '0.005', leadTimeDays: 1 }
  ]
}

interface Line {
  readonly sku?: string
  readonly category?: string | null
  readonly quantity?: number
  readonly supplierId?: string | null
  readonly unitPrice?: number
}

export interface Given {
  readonly lines?: readonly Line[]
  readonly channel?: string | null
  readonly region?: string | null
  readonly customerId?: string
  readonly company?: string
  readonly currency?: string
  readonly placedAt?: string
}

/** `order.submitted`; by default one bearing of acme, through Taobao, to Shanghai, on 1 March. */
export function orderSubmitted(orderId: string, given: Given = {}): TestEvent {
  const lines = (given.lines ?? [{}]).map((line, i) => ({
    lineId: `${orderId}-${i}`,
    sku: 'BRG',
    category: null,
    quantity: 1,
    supplierId: 'acme-bearings',
    unitPrice: 1000,
    ...line
  }))
  return {
    type: 'order.submitted',
    aggregate: { type: 'order', id: orderId },
    keys: {
      company: given.company ?? 'demo',
      orderId,
      channel: given.channel === undefined ? 'TAOBAO' : given.channel,
      customerId: given.customerId ?? 'cus_1',
      supplierIds: [...new Set(lines.flatMap(line => line.supplierId ?? []))],
      region: given.region === undefined ? 'Shanghai' : given.region
    },
    data: {
      from: null,
      to: 'AWAITING_PAYMENT',
      lines,
      total: lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0),
      currency: given.currency ?? 'CNY',
      placedAt: given.placedAt ?? '2026-03-01T01:00:00.000Z',
      hasNote: false,
      backfill: false
    }
  }
}

/** What routing says of an order: a shortage, or a promise. */
export function routed(
  orderId: string,
  type: 'stock.shortage' | 'promise.made' | 'promise.revised',
  data: TestEvent['data']
): TestEvent {
  return { type, aggregate: { type: 'routing', id: orderId }, keys: { orderId }, ...(data && { data }) }
}

export const short = (
  orderId: string,
  sku = 'BRG',
  supplierId: string | null = 'acme-bearings',
  quantity = 10
): TestEvent => routed(orderId, 'stock.shortage', { shortages: [{ sku, quantity, supplierId }] })

export interface ProductionOrderData {
  readonly id: string
  readonly supplier: { readonly id: string; readonly name: string; readonly stage: string } | null
  readonly order: { readonly id: string } | null
  readonly sku: string
  readonly quantity: number
  readonly bom: readonly { readonly component: string; readonly quantityPer: string; readonly leadTimeDays: number }[]
  readonly requiredBy: string
  readonly promise: { readonly date: string; readonly quantity: number; readonly acknowledgedAt: string } | null
  readonly status: string
  readonly triggeredAt: string
  readonly version: number
}

export const FIELDS = `id supplier { id name stage } order { id } sku quantity bom { component quantityPer leadTimeDays }
  requiredBy promise { date quantity acknowledgedAt } status triggeredAt version`

/** All production orders that the caller sees, by SKU. */
export async function list(
  t: SuppliersRoom,
  access?: Access,
  filter: object = {}
): Promise<readonly ProductionOrderData[]> {
  const answer = await t.execute<{ productionOrders: { nodes: ProductionOrderData[] } }>(
    `query ($filter: ProductionOrderFilter) { productionOrders(filter: $filter) { nodes { ${FIELDS} } } }`,
    { filter },
    access
  )
  if (!answer.data) throw new Error(JSON.stringify(answer.errors))
  return answer.data.productionOrders.nodes.sort((a, b) => (a.sku < b.sku ? -1 : 1))
}

/** The only production order there is. */
export async function only(t: SuppliersRoom): Promise<ProductionOrderData> {
  const [row, ...more] = await list(t)
  if (!row || more.length > 0) throw new Error(`not one production order, but ${more.length + (row ? 1 : 0)}`)
  return row
}

export interface PayloadData {
  readonly productionOrder: ProductionOrderData | null
  readonly userErrors: readonly {
    readonly code: string
    readonly message: string
    readonly path: readonly string[] | null
  }[]
}

let keys = 0

/** Acknowledges with a fresh idempotency key. */
export async function acknowledge(t: SuppliersRoom, input: object, access?: Access): Promise<PayloadData> {
  keys += 1
  const answer = await t.execute<{ payload: PayloadData }>(
    `mutation ($input: AcknowledgeProductionOrderInput!) {
      payload: acknowledgeProductionOrder(input: $input) { productionOrder { ${FIELDS} } userErrors { code message path } } }`,
    { input: { idempotencyKey: `key-${keys}`, ...input } },
    access
  )
  if (!answer.data) throw new Error(JSON.stringify(answer.errors))
  return answer.data.payload
}
