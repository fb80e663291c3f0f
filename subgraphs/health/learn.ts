import type { EntityManager } from 'typeorm'
import { invariant } from '../../platform/errors.ts'
import { factsOf } from '../../platform/log/facts.ts'
import type { LogEvent, SequencedEvent } from '../../platform/log/log.ts'
import type { Handler } from '../../platform/log/reader.ts'
import { FeedReport, OrderPulse, OrderStatusRow } from './order-pulse.ts'
import { codeOfStatus } from './order-status.ts'

type Learn = (manager: EntityManager, event: SequencedEvent) => Promise<void>

/** What the pulse keeps of the log; every other event is passed over. */
export const LEARNERS: Readonly<Record<string, Handler<void>>> = Object.fromEntries(
  Object.entries({
    'order.submitted': status(({ at }) => ({ placedAt: at })),
    'order.paid': status(({ at }) => ({ paidAt: at })),
    'order.shipped': status(({ at }) => ({ shippedAt: at })),
    'order.completed': status(() => ({})),
    'order.cancelled': status(event => ({ cancelledAt: event.at, cancelledBy: factsOf(event).textOrNull('by') })),
    'stock.allocated': fact(event => ({ routedAt: event.at, strategy: factsOf(event).textOrNull('strategy') })),
    'stock.shortage': fact(event => ({
      shortAt: event.at,
      openSkus: [
        ...new Set(
          factsOf(event)
            .list('shortages')
            .map(shortage => shortage.text('sku'))
        )
      ]
    })),
    'production-order.acknowledged': clearShortage,
    'stock.reported': feed(event => factsOf(event).text('source')),
    'status.reported': feed(event => factsOf(event).text('system'))
  } satisfies Record<string, Learn>).map(([type, learn]) => [
    type,
    { apply: ({ manager }, event) => learn(manager, event) }
  ])
)

/** A status event of orders: one more step of the order's history, and its moment. */
function status(changes: (event: LogEvent) => Partial<OrderPulse>): Learn {
  return async (manager, event) => {
    const { id: orderId } = event.aggregate
    const code = codeOfStatus(factsOf(event).text('to'))
    await manager.insert(OrderStatusRow, { orderId, version: event.version, code, at: event.at })
    await fact(changes)(manager, event)
  }
}

function fact(changes: (event: LogEvent) => Partial<OrderPulse>): Learn {
  return async (manager, event) => {
    const { orderId } = await knownOrder(manager, event)
    const changed = changes(event)
    if (Object.keys(changed).length > 0) await manager.update(OrderPulse, { orderId }, changed)
  }
}

/** A shortage is dealt with once somebody has promised every article that it named. */
async function clearShortage(manager: EntityManager, event: LogEvent): Promise<void> {
  const order = await knownOrder(manager, event)
  const openSkus = order.openSkus.filter(sku => sku !== factsOf(event).text('sku'))
  const clearedAt = openSkus.length === 0 ? (order.clearedAt ?? event.at) : null
  await manager.update(OrderPulse, { orderId: order.orderId }, { openSkus, clearedAt })
}

/** An import tells nothing of how late a feed is, unless it says when each message had arrived. */
function feed(sourceOf: (event: LogEvent) => string): Learn {
  return async (manager, event) => {
    const facts = factsOf(event)
    const arrived = facts.textOrNull('availableAt')
    if (event.data['backfill'] === true && arrived === null) return
    await manager.insert(FeedReport, {
      eventId: event.id,
      company: event.keys.company,
      source: sourceOf(event),
      occurredAt: facts.text('occurredAt'),
      availableAt: arrived ?? event.recordedAt
    })
  }
}

async function knownOrder(manager: EntityManager, event: LogEvent): Promise<OrderPulse> {
  const { orderId, company } = event.keys
  invariant(orderId, `${event.type} is about an order`)
  const known = await manager.findOneBy(OrderPulse, { orderId })
  if (known) return known
  const backfill = event.data['backfill'] === true
  const row = manager.create(OrderPulse, { orderId, company, backfill, openSkus: [] })
  await manager.insert(OrderPulse, row)
  return row
}
