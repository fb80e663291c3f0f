import type { EntityManager } from 'typeorm'
import type { ScopeKeys } from '../../platform/scope/scope.ts'
import type { PromisedWindow } from './compute-promise.ts'
import type { RoutingFact } from './events.ts'
import { OrderPromise } from './order-promise.ts'

/** The promise that stands: the last revision, or null when nothing is promised. */
export function standingPromise(manager: EntityManager, orderId: string): Promise<OrderPromise | null> {
  return manager.findOne(OrderPromise, { where: { orderId }, order: { revision: 'DESC' } })
}

/** Adds a revision and returns its fact; null when the same is promised already. Nothing is ever overwritten. */
export async function addPromise(
  manager: EntityManager,
  keys: Pick<ScopeKeys, 'company'> & { readonly orderId: string },
  window: PromisedWindow,
  why: { readonly reason: string; readonly madeAt: string; readonly backfill?: boolean }
): Promise<RoutingFact | null> {
  const { company, orderId } = keys
  const before = await standingPromise(manager, orderId)
  if (before?.promisedFrom === window.promisedFrom && before.promisedTo === window.promisedTo) return null
  const revision = (before?.revision ?? 0) + 1
  const { promisedFrom, promisedTo, basis } = window
  const { reason, madeAt, backfill = false } = why
  await manager.insert(OrderPromise, { orderId, revision, company, promisedFrom, promisedTo, basis, reason, madeAt })
  return {
    type: before ? 'promise.revised' : 'promise.made',
    data: { promisedFrom, promisedTo, revision, reason, backfill }
  }
}
