import { type EntityManager, In } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { invariant } from '../../platform/errors.ts'
import { type AllocationPlan, type Offer, planAllocation } from './plan-allocation.ts'
import type { RoutedLine } from './routed-order.ts'
import { StockLevel } from './stock-level.ts'

export interface ReserveInput {
  readonly company: string
  readonly region: string | null
  readonly lines: readonly RoutedLine[]
}

export interface Reservation extends AllocationPlan {
  /** The figures that the plan rests on, of the nodes that it took. */
  readonly figures: readonly StockLevel[]
}

/**
 * Decides and reserves in the caller's transaction, under the rows' locks, so that two orders never get the same piece:
 * each update is guarded besides, and a guard that fails undoes the whole.
 */
export async function reserveStock(
  manager: EntityManager,
  dialect: Database['dialect'],
  input: ReserveInput
): Promise<Reservation> {
  const skus = [...new Set(input.lines.map(line => line.sku))].sort()
  const levels = await lockLevels(manager, dialect, { company: input.company, sku: In(skus) })
  const offers = levels.map(
    ({ id, nodeId, region, sku, available }): Offer => ({ levelId: id, nodeId, region, sku, available })
  )
  const plan = planAllocation(input.lines, offers, input.region)
  for (const { levelId, quantity } of plan.allocations) {
    const { affected } = await manager
      .createQueryBuilder()
      .update(StockLevel)
      .set({ reserved: () => 'reserved + :quantity' })
      .where('id = :levelId AND on_hand - reserved >= :quantity', { levelId, quantity })
      .execute()
    invariant(affected === 1, `stock level ${levelId} still has ${quantity} available`)
  }
  const taken = new Set(plan.allocations.map(a => a.levelId))
  return { ...plan, figures: levels.filter(level => taken.has(level.id)) }
}

/** Rows in one order for everybody, so that two transactions wait for each other and never in a circle. */
export function lockLevels(
  manager: EntityManager,
  dialect: Database['dialect'],
  where: Parameters<EntityManager['findBy']>[1]
): Promise<StockLevel[]> {
  return manager.find(StockLevel, {
    where: where as object,
    order: { sku: 'ASC', nodeId: 'ASC' },
    ...(dialect === 'mysql' && { lock: { mode: 'pessimistic_write' as const } })
  })
}
