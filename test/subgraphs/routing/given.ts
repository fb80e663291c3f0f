import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/database/database.ts'
import type { RouterClient } from '../../../platform/router-client/router-client.ts'
import type { Room } from '../../../platform/subgraph/room.ts'
import type { Subgraph } from '../../../platform/subgraph/subgraph.ts'
import type { ImportedFigure, ImportedNode } from '../../../subgraphs/routing/subgraph.ts'
import type { TestEvent } from '../../support/room.ts'

export const NODES: readonly ImportedNode[] = [
  { id: 'wh-east', name: 'East', kind: 'WAREHOUSE', region: 'CN-ZJ' },
  { id: 'wh-south', name: 'South', kind: 'WAREHOUSE', region: 'CN-GD' },
  { id: 'store-sh', name: 'Shanghai', kind: 'STORE', region: 'CN-SH' }
]

export function figure(nodeId: string, sku: string, onHand: number): ImportedFigure {
  return { nodeId, sku, onHand, source: 'wms', occurredAt: '2026-03-02T00:50:00.000Z' }
}

export interface GivenOrder {
  readonly lines?: readonly { readonly sku: string; readonly quantity: number; readonly supplierId?: string | null }[]
  readonly hasNote?: boolean
  readonly backfill?: boolean
  readonly promisedTo?: string
  readonly region?: string | null
  readonly channel?: string
}

/** order.submitted as orders says it. */
export function submitted(orderId: string, clock: Clock, order: GivenOrder = {}): TestEvent {
  const lines = (order.lines ?? [{ sku: 'A', quantity: 1 }]).map(({ sku, quantity, supplierId = 'acme' }, i) => ({
    lineId: `${orderId}-${i}`,
    sku,
    category: null,
    quantity,
    supplierId,
    unitPrice: 100
  }))
  const { hasNote = false, backfill = false, promisedTo } = order
  return {
    type: 'order.submitted',
    aggregate: { type: 'order', id: orderId },
    version: 1,
    keys: keysFor(order),
    data: {
      from: null,
      to: 'AWAITING_PAYMENT',
      lines,
      total: 100,
      currency: 'CNY',
      placedAt: new Date(clock.now()).toISOString(),
      hasNote,
      backfill,
      ...(promisedTo !== undefined && { promisedTo })
    }
  }
}

const VERSIONS = { paid: 2, shipped: 3, cancelled: 3 } as const

/** What orders says next of an order that was submitted so. */
export function then(orderId: string, what: keyof typeof VERSIONS, order: GivenOrder = {}): TestEvent {
  return {
    type: `order.${what}`,
    aggregate: { type: 'order', id: orderId },
    version: VERSIONS[what],
    keys: keysFor(order),
    data: { from: null, to: what.toUpperCase(), backfill: order.backfill ?? false }
  }
}

function keysFor({ lines = [{ sku: 'A', quantity: 1 }], region = 'CN-SH', channel = 'DOUYIN' }: GivenOrder) {
  const supplierIds = [...new Set(lines.flatMap(line => line.supplierId ?? 'acme'))]
  return { channel, customerId: 'customer-1', supplierIds, region, carrier: null }
}

export function acknowledged(orderId: string, sku: string, promisedDate: string): TestEvent {
  const productionOrderId = randomUUID()
  return {
    type: 'production-order.acknowledged',
    aggregate: { type: 'production-order', id: productionOrderId },
    version: 2,
    keys: { orderId, supplierIds: ['acme'], region: 'CN-SH' },
    data: { productionOrderId, orderId, supplierId: 'acme', sku, quantity: 1, promisedDate }
  }
}

/** A router that knows these notes by order, and counts how often it was asked. */
export function notes(byOrder: Readonly<Record<string, string>>, failures = 0): RouterClient & { asked: number } {
  let left = failures
  const client = {
    asked: 0,
    query: async <Data>(_: string, { id }: Readonly<Record<string, unknown>>): Promise<Data> => {
      client.asked += 1
      if (left-- > 0) throw new Error('orders is not there yet')
      return { order: { note: byOrder[String(id)] ?? null } } as Data
    }
  }
  return client
}

/** The room with its database in sight: `rows()` is every row of every table. */
export function inSight<Started extends Subgraph>(room: Room<Started>) {
  const opened: Database[] = []
  const start: Room<Started>['start'] = deps =>
    room.start({
      ...deps,
      openDatabase: async options => {
        const database = await deps.openDatabase(options)
        opened.push(database)
        return database
      }
    })
  const rows = async (): Promise<readonly unknown[]> => {
    const found: unknown[] = []
    for (const { reads } of opened) {
      const tables: { name: string }[] = await reads.query("SELECT name FROM sqlite_master WHERE type = 'table'")
      for (const { name } of tables) found.push({ name, rows: await reads.query(`SELECT * FROM "${name}"`) })
    }
    return found
  }
  return { room: { ...room, start }, rows }
}
