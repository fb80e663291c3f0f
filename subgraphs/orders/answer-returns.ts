import { instant } from '../../platform/clock.ts'
import { invariant } from '../../platform/errors.ts'
import type { SequencedEvent } from '../../platform/log/log.ts'
import type { Handlers, ReaderTx } from '../../platform/log/reader.ts'
import { advanceOrder, lockOrder, type Step } from './advance-order.ts'
import type { Order } from './order.ts'
import { next, type OrderCommand, type Regions } from './order-machine.ts'
import type { OrdersDeps } from './orders-deps.ts'

/** Why a return is not accepted: codes, for the returns room shows them to people. */
export type ReturnRefusal = 'ORDER_CANCELLED' | 'ORDER_NOT_PAID' | 'RETURN_OPEN'

/**
 * What the returns room asks of an order. This room alone transitions it, so it answers: accepted, or refused with the
 * reason (semantics W1). A return that was accepted then moves the order's reverse region with it.
 */
export function answerReturns(deps: Pick<OrdersDeps, 'database' | 'clock'>): Handlers {
  return {
    'return.requested': { apply: (tx, event) => answer(deps, tx, event) },
    'return.approved': { apply: (tx, event) => follow(deps, tx, event, 'approveReturn') },
    'return.declined': { apply: (tx, event) => follow(deps, tx, event, 'declineReturn') },
    'return.received': { apply: (tx, event) => follow(deps, tx, event, 'receiveReturn') }
  }
}

type Deps = Pick<OrdersDeps, 'database' | 'clock'>

async function answer(deps: Deps, tx: ReaderTx, event: SequencedEvent): Promise<void> {
  const order = await lockedOrderOf(deps, tx, event)
  const regions = next(order.regions, 'requestReturn')
  const returnId = event.data['returnId']
  if (regions) {
    await advanceOrder(tx, order, step(deps, event, 'order.return-accepted', regions, { returnId }))
  } else {
    const data = { returnId, reason: refusalOf(order) }
    await advanceOrder(tx, order, step(deps, event, 'order.return-refused', order.regions, data))
  }
}

async function follow(deps: Deps, tx: ReaderTx, event: SequencedEvent, command: OrderCommand): Promise<void> {
  const order = await lockedOrderOf(deps, tx, event)
  const regions = next(order.regions, command)
  invariant(regions, `${event.type} does not follow reverse ${order.regions.reverse}`)
  const data = { returnId: event.data['returnId'], reverse: regions.reverse }
  await advanceOrder(tx, order, step(deps, event, 'order.reverse-changed', regions, data))
}

async function lockedOrderOf({ database }: Deps, tx: ReaderTx, { keys, type }: SequencedEvent): Promise<Order> {
  const order = keys.orderId && (await lockOrder(tx.manager, database.dialect, keys.company, keys.orderId))
  invariant(order, `${type} names an order that this room has`)
  return order
}

function step({ clock }: Deps, { source }: SequencedEvent, event: string, regions: Regions, data: Step['data']): Step {
  return { event, at: instant(clock.now()), actor: source, regions, data }
}

function refusalOf({ regions }: Order): ReturnRefusal {
  if (regions.fulfillment === 'CANCELLED') return 'ORDER_CANCELLED'
  return regions.payment === 'PAID' ? 'RETURN_OPEN' : 'ORDER_NOT_PAID'
}
