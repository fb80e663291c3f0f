import type { EntityManager, FindOptionsWhere } from 'typeorm'
import { Order } from './order.ts'

/** What a channel calls an order. */
export interface OrderNames {
  readonly company: string
  readonly channel: string
  readonly externalId?: string | null
  readonly number?: string | null
}

type Named = Pick<Order, 'id' | 'importHash'>

/** Orders by the names that their channels gave them; both names are unique in the channel. */
export class TakenNames {
  readonly #externalIds = new Map<string, Named>()
  readonly #numbers = new Set<string>()

  add(names: OrderNames, order: Named): void {
    if (names.externalId != null) this.#externalIds.set(keyOf(names, names.externalId), order)
    if (names.number != null) this.#numbers.add(keyOf(names, names.number))
  }

  byExternalId(names: OrderNames): Named | undefined {
    return names.externalId == null ? undefined : this.#externalIds.get(keyOf(names, names.externalId))
  }

  hasNumber(names: OrderNames): boolean {
    return names.number != null && this.#numbers.has(keyOf(names, names.number))
  }
}

/** Which of the names are taken already. Ask only for a caller who may write in each of the channels. */
export async function findTaken(manager: EntityManager, names: readonly OrderNames[]): Promise<TakenNames> {
  const taken = new TakenNames()
  const where = names.flatMap(({ company, channel, externalId, number }): FindOptionsWhere<Order>[] => {
    const inChannel = { company, channel: channel as Order['channel'] }
    return [
      ...(externalId == null ? [] : [{ ...inChannel, externalId }]),
      ...(number == null ? [] : [{ ...inChannel, number }])
    ]
  })
  // No condition at all would be every order.
  if (where.length === 0) return taken
  const select = { id: true, company: true, channel: true, externalId: true, number: true, importHash: true } as const
  for (const order of await manager.find(Order, { where, select })) taken.add(order, order)
  return taken
}

function keyOf({ company, channel }: OrderNames, name: string): string {
  return JSON.stringify([company, channel, name])
}
