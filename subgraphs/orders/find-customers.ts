import type { EntityManager } from 'typeorm'
import { newId } from '../../platform/ids.ts'
import { Customer } from './customer.ts'
import type { OrderDraft } from './order-draft.ts'

/** Whose orders they are. */
type Buyer = Pick<OrderDraft, 'company' | 'channel'> & {
  readonly customer: { readonly externalId: string; readonly id?: string }
}

/** The ids of the customers of some drafts. */
export interface CustomerIds {
  of(buyer: Buyer): string
  /** Ids of those who are there already. */
  readonly known: ReadonlySet<string>
}

/** Finds customers by what their channel calls them; who is not there yet gets a new id, or the one that the draft names. */
export async function findCustomers(manager: EntityManager, buyers: readonly Buyer[]): Promise<CustomerIds> {
  const asked = new Map(buyers.map(buyer => [keyOf(buyer, buyer.customer.externalId), buyer]))
  // No condition at all would be every customer.
  const there =
    asked.size === 0
      ? []
      : await manager.find(Customer, {
          where: [...asked.values()].map(({ company, channel, customer: { externalId } }) => {
            return { company, channel: channel as Customer['channel'], externalId }
          }),
          select: { id: true, company: true, channel: true, externalId: true }
        })
  const ids = new Map(there.map(customer => [keyOf(customer, customer.externalId), customer.id]))
  return {
    known: new Set(there.map(({ id }) => id)),
    of(buyer) {
      const key = keyOf(buyer, buyer.customer.externalId)
      const id = ids.get(key) ?? buyer.customer.id ?? newId('cus')
      ids.set(key, id)
      return id
    }
  }
}

function keyOf({ company, channel }: Pick<Buyer, 'company' | 'channel'>, externalId: string): string {
  return JSON.stringify([company, channel, externalId])
}
