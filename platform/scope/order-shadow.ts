import { Column, Entity, type EntityManager, In, Index, PrimaryColumn } from 'typeorm'
import type { LogEvent } from '../log/log.ts'
import type { ScopeKeys } from './scope.ts'
import type { ScopeColumns } from './where.ts'

/** A room's copy of the facts that decide who may see what belongs to an order (semantics W2). */
@Entity('order_shadow')
export class OrderShadow {
  @PrimaryColumn('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Column('varchar', { length: 64, nullable: true })
  channel!: string | null

  @Column('varchar', { name: 'customer_id', length: 64, nullable: true })
  customerId!: string | null

  @Column('varchar', { length: 64, nullable: true })
  region!: string | null

  @Column('varchar', { length: 64, nullable: true })
  carrier!: string | null

  /** Version of the order that the keys were taken from. */
  @Column('integer')
  version!: number
}

/** One supplier of one order's lines. */
@Entity('order_shadow_supplier')
export class OrderShadowSupplier {
  @PrimaryColumn('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @Index('order_shadow_supplier_by_supplier')
  @PrimaryColumn('varchar', { name: 'supplier_id', length: 64 })
  supplierId!: string
}

/** Keeps the shadow of the event's order, unless the shadow is already of this version or a later one. */
export async function applyToShadow(manager: EntityManager, event: LogEvent): Promise<void> {
  const { keys, version } = event
  const orderId = keys.orderId
  if (event.aggregate.type !== 'order' || orderId === null) return
  const known = await manager.findOneBy(OrderShadow, { orderId })
  if (known && known.version >= version) return
  const { company, channel, customerId, region, carrier } = keys
  await manager.upsert(OrderShadow, { orderId, company, channel, customerId, region, carrier, version }, ['orderId'])
  await keepSuppliers(manager, orderId, keys.supplierIds)
}

/** Only the difference is written: deleting and inserting the same rows again would lock their neighbours on MySQL. */
async function keepSuppliers(manager: EntityManager, orderId: string, supplierIds: readonly string[]): Promise<void> {
  const known = (await manager.findBy(OrderShadowSupplier, { orderId })).map(row => row.supplierId)
  const gone = known.filter(id => !supplierIds.includes(id))
  const added = [...new Set(supplierIds)].filter(id => !known.includes(id))
  if (gone.length > 0) await manager.delete(OrderShadowSupplier, { orderId, supplierId: In(gone) })
  if (added.length > 0)
    await manager.insert(
      OrderShadowSupplier,
      added.map(supplierId => ({ orderId, supplierId }))
    )
}

const CHUNK = 500

/** The scope keys of orders; an order without a shadow is not in the answer, and so nobody's to see. */
export async function shadowKeys(manager: EntityManager, orderIds: readonly string[]): Promise<Map<string, ScopeKeys>> {
  const keys = new Map<string, ScopeKeys>()
  const wanted = [...new Set(orderIds)]
  for (let i = 0; i < wanted.length; i += CHUNK) {
    const ids = wanted.slice(i, i + CHUNK)
    const shadows = await manager.findBy(OrderShadow, { orderId: In(ids) })
    const suppliers = await manager.findBy(OrderShadowSupplier, { orderId: In(ids) })
    const byOrder = new Map<string, string[]>(shadows.map(shadow => [shadow.orderId, []]))
    for (const { orderId, supplierId } of suppliers) byOrder.get(orderId)?.push(supplierId)
    for (const { orderId, company, channel, customerId, region, carrier } of shadows) {
      const supplierIds = (byOrder.get(orderId) ?? []).sort()
      keys.set(orderId, { company, orderId, channel, customerId, supplierIds, region, carrier })
    }
  }
  return keys
}

/** Where a query that joins `order_shadow` under this alias finds the scope keys. */
export function shadowColumns(alias: string): ScopeColumns {
  const supplier = `${alias}_supplier`
  return {
    orderId: `${alias}.order_id`,
    channel: `${alias}.channel`,
    customerId: `${alias}.customer_id`,
    region: `${alias}.region`,
    carrier: `${alias}.carrier`,
    supplierIds: {
      exists: `SELECT 1 FROM order_shadow_supplier ${supplier} WHERE ${supplier}.order_id = ${alias}.order_id AND ${supplier}.supplier_id`
    }
  }
}
