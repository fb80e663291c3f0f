import { factsOf } from '../../platform/log/facts.ts'
import type { SequencedEvent } from '../../platform/log/log.ts'
import type { Handlers, ReaderTx } from '../../platform/log/reader.ts'
import { dayOf } from './days.ts'
import { OrderLineFact, OrderPromise } from './order-facts.ts'

/** What a statistic says where nobody knows. */
export const UNKNOWN = 'UNKNOWN'

/** What this room keeps of others' facts: lines for the statistics, and the promise that a production order must meet. */
export function learnOrders({ zone }: { readonly zone: string }): Handlers {
  return {
    'order.submitted': { apply: (tx, event) => learnLines(zone, tx, event) },
    'promise.made': { apply: learnPromise },
    'promise.revised': { apply: learnPromise }
  }
}

async function learnLines(zone: string, { manager }: ReaderTx, event: SequencedEvent): Promise<void> {
  const orderId = event.aggregate.id
  if (await manager.existsBy(OrderLineFact, { orderId })) return
  const facts = factsOf(event)
  const order = {
    orderId,
    company: event.keys.company,
    day: dayOf(facts.text('placedAt'), zone),
    currency: facts.text('currency')
  }
  const rows = facts.list('lines').map(line => ({
    ...order,
    lineId: line.text('lineId'),
    supplierId: line.textOrNull('supplierId'),
    category: line.textOrNull('category') ?? UNKNOWN,
    quantity: line.integer('quantity'),
    amount: line.integer('quantity') * line.integer('unitPrice')
  }))
  const none = { ...order, lineId: '', supplierId: null, category: UNKNOWN, quantity: 0, amount: 0 }
  await manager.insert(OrderLineFact, rows.length > 0 ? rows : [none])
}

async function learnPromise({ manager }: ReaderTx, event: SequencedEvent): Promise<void> {
  const promisedFrom = factsOf(event).text('promisedFrom')
  const orderId = event.keys.orderId ?? event.aggregate.id
  await manager.upsert(OrderPromise, { orderId, promisedFrom }, ['orderId'])
}
