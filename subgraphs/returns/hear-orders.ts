import { factsOf } from '../../platform/log/facts.ts'
import type { SequencedEvent } from '../../platform/log/log.ts'
import type { Handler, Handlers, ReaderTx } from '../../platform/log/reader.ts'
import { shadowKeys } from '../../platform/scope/order-shadow.ts'
import { type ReturnEventType, returnEvent } from './events.ts'
import { lockReturn } from './lock-rows.ts'
import { OrderLine } from './order-line.ts'
import { releaseLines } from './release-lines.ts'
import { keysOfReturn, Return } from './return.ts'
import { type ReturnMove, statusAfter } from './return-status.ts'
import type { ReturnsDeps } from './returns-deps.ts'

/** What this room does with what orders says: it learns the lines, and how its requests were answered (semantics W1). */
export function hearOrders(deps: ReturnsDeps): Handlers {
  return {
    'order.submitted': { apply: learnLines } satisfies Handler,
    'order.return-accepted': answer(deps, 'accept', 'return.opened'),
    'order.return-refused': answer(deps, 'refuse', 'return.refused')
  }
}

async function learnLines({ manager }: ReaderTx, event: SequencedEvent): Promise<void> {
  const orderId = event.aggregate.id
  if ((await manager.countBy(OrderLine, { orderId })) > 0) return
  const lines = factsOf(event).list('lines')
  if (lines.length === 0) return
  await manager.insert(
    OrderLine,
    lines.map(line => ({
      orderId,
      lineId: line.text('lineId'),
      company: event.keys.company,
      supplierId: line.textOrNull('supplierId'),
      quantity: line.integer('quantity'),
      returning: 0
    }))
  )
}

/** Ends a PENDING return's wait. An answer to a return that waits no longer, or that this room never asked, changes nothing. */
function answer({ database, clock }: ReturnsDeps, move: ReturnMove, type: ReturnEventType): Handler {
  return {
    async apply({ manager, emit }, event) {
      const found = await lockReturn(database.dialect, manager, factsOf(event).text('returnId'))
      const status = found && statusAfter(found.row.status, move)
      if (!found || !status) return
      const { row, lines } = found
      const version = row.version + 1
      const refusalReason = move === 'refuse' ? factsOf(event).textOrNull('reason') : null
      await manager.update(Return, { id: row.id }, { status, version, refusalReason })
      if (move === 'refuse') await releaseLines(database.dialect, manager, row.orderId, lines)

      const order = (await shadowKeys(manager, [row.orderId])).get(row.orderId) ?? event.keys
      const keys = keysOfReturn(
        order,
        lines.flatMap(line => line.supplierId ?? [])
      )
      const facts = refusalReason === null ? {} : { reason: refusalReason }
      emit(returnEvent(clock, type, { ...row, status, version }, row.status, keys, facts))
    }
  }
}
