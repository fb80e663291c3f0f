import type { EntityManager } from 'typeorm'
import type { Database } from '../database/database.ts'
import { chunks, places, rowsOf } from '../database/dialect.ts'
import type { LogEvent } from './log.ts'

/** An event whose keys are an order's newest. */
interface Newest {
  readonly orderId: string
  readonly event: LogEvent
}

const ROWS = 200

/**
 * `applyToShadow` for many events in a few statements: of each order only the newest version is written, and only when
 * the shadow is older.
 */
export async function applyAllToShadow(
  manager: EntityManager,
  dialect: Database['dialect'],
  events: readonly LogEvent[]
): Promise<void> {
  for (const part of chunks([...newest(events).values()], ROWS)) {
    const ids = part.map(({ orderId }) => orderId)
    const rows: { order_id: string; version: number }[] = await manager.query(
      `SELECT order_id, version FROM order_shadow WHERE order_id IN (${places(ids.length)})`,
      ids
    )
    const versions = new Map(rows.map(row => [row.order_id, row.version]))
    const newer = part.filter(({ orderId, event }) => event.version > (versions.get(orderId) ?? 0))
    if (newer.length === 0) continue
    await writeKeys(manager, dialect, newer)
    await writeSuppliers(manager, newer)
  }
}

function newest(events: readonly LogEvent[]): Map<string, Newest> {
  const found = new Map<string, Newest>()
  for (const event of events) {
    const { orderId } = event.keys
    if (event.aggregate.type !== 'order' || orderId === null) continue
    if (event.version > (found.get(orderId)?.event.version ?? 0)) found.set(orderId, { orderId, event })
  }
  return found
}

const CHANGING = ['company', 'channel', 'customer_id', 'region', 'carrier', 'version']

async function writeKeys(
  manager: EntityManager,
  dialect: Database['dialect'],
  newer: readonly Newest[]
): Promise<void> {
  const update =
    dialect === 'mysql'
      ? `ON DUPLICATE KEY UPDATE ${CHANGING.map(column => `${column} = VALUES(${column})`).join(', ')}`
      : `ON CONFLICT (order_id) DO UPDATE SET ${CHANGING.map(column => `${column} = excluded.${column}`).join(', ')}`
  await manager.query(
    `INSERT INTO order_shadow (order_id, ${CHANGING.join(', ')}) VALUES ${rowsOf(newer.length, 7)} ${update}`,
    newer.flatMap(({ orderId, event: { keys, version } }) => {
      const { company, channel, customerId, region, carrier } = keys
      return [orderId, company, channel, customerId, region, carrier, version]
    })
  )
}

/** Only the difference is written: nearly always there is none. */
async function writeSuppliers(manager: EntityManager, newer: readonly Newest[]): Promise<void> {
  const rows: { order_id: string; supplier_id: string }[] = await manager.query(
    `SELECT order_id, supplier_id FROM order_shadow_supplier WHERE order_id IN (${places(newer.length)})`,
    newer.map(({ orderId }) => orderId)
  )
  const known = new Map<string, Set<string>>()
  for (const { order_id, supplier_id } of rows) {
    known.set(order_id, (known.get(order_id) ?? new Set()).add(supplier_id))
  }
  const added: string[][] = []
  for (const { orderId, event } of newer) {
    const wanted = new Set(event.keys.supplierIds)
    const has = known.get(orderId) ?? new Set()
    for (const supplier of wanted) if (!has.has(supplier)) added.push([orderId, supplier])
    for (const supplier of has) {
      if (wanted.has(supplier)) continue
      await manager.query('DELETE FROM order_shadow_supplier WHERE order_id = ? AND supplier_id = ?', [
        orderId,
        supplier
      ])
    }
  }
  for (const part of chunks(added, ROWS)) {
    await manager.query(
      `INSERT INTO order_shadow_supplier (order_id, supplier_id) VALUES ${rowsOf(part.length, 2)}`,
      part.flat()
    )
  }
}
