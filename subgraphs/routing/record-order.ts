import { DateTime } from 'luxon'
import { instant } from '../../platform/clock.ts'
import { invariant } from '../../platform/errors.ts'
import type { SequencedEvent } from '../../platform/log/log.ts'
import type { Handler } from '../../platform/log/reader.ts'
import type { ReaderTx } from '../../platform/log/tx.ts'
import type { PromisedWindow } from './compute-promise.ts'
import { emitFacts, type RoutingFact } from './events.ts'
import { fetchNote } from './fetch-note.ts'
import { Intent } from './intent.ts'
import type { DetectedIntent } from './intents/intent-model.ts'
import { addPromise } from './make-promise.ts'
import { RoutedOrder } from './routed-order.ts'
import type { RoutingDeps } from './routing-deps.ts'
import { submittedOrder } from './submitted-order.ts'

/**
 * order.submitted: keeps the lines, and of the note only what it asks for (semantics W6). The note is read when the
 * order arrives, so that its intents are there before anything is decided. An imported order keeps its source's promise.
 */
export function recordOrder(deps: RoutingDeps): Handler<readonly DetectedIntent[]> {
  return {
    async prepare(event) {
      const { hasNote, placedAt } = submittedOrder(event)
      const orderId = event.keys.orderId
      const text = hasNote && orderId !== null ? await fetchNote(deps.router, orderId) : null
      return text === null ? [] : deps.model.detect({ text, at: placedAt, zone: deps.zone })
    },
    async apply(tx, event, intents) {
      const { orderId, company } = event.keys
      invariant(orderId !== null, 'order.submitted is about an order')
      const { lines, hasNote, promisedTo, backfill } = submittedOrder(event)
      const order = {
        orderId,
        company,
        state: 'WAITING',
        lines,
        shortages: [],
        paidAt: null,
        decision: null,
        version: 0
      } as const
      await tx.manager.insert(RoutedOrder, order)
      await keepIntents(tx, event, intents, deps.model.version)

      const facts: RoutingFact[] = []
      if (hasNote) {
        facts.push({
          type: 'order.intents-detected',
          data: { codes: intents.map(intent => intent.code), model: deps.model.version, backfill }
        })
      }
      const at = backfill ? event.at : instant(deps.clock.now())
      if (backfill && promisedTo !== null) {
        const why = { reason: 'imported', madeAt: at, backfill }
        const made = await addPromise(tx.manager, { company, orderId }, importedWindow(promisedTo, deps.zone), why)
        if (made) facts.push(made)
      }
      await emitFacts(tx, order, event.keys, at, facts)
    }
  }
}

async function keepIntents(
  tx: ReaderTx,
  { keys }: SequencedEvent,
  intents: readonly DetectedIntent[],
  model: string
): Promise<void> {
  const { orderId, company } = keys
  if (intents.length === 0 || orderId === null) return
  const rows = intents.map(({ code, confidence, span, date, carriers }, ordinal) => ({
    orderId,
    ordinal,
    company,
    code,
    confidence,
    span: [...span],
    date,
    carriers: carriers.length > 0 ? [...carriers] : null,
    model
  }))
  await tx.manager.insert(Intent, rows)
}

/** A source names the last moment only: the promise is for that day. */
function importedWindow(promisedTo: string, zone: string): PromisedWindow {
  const last = DateTime.fromISO(promisedTo, { zone })
  invariant(last.isValid, `order.submitted promises an instant, not ${promisedTo}`)
  return {
    promisedFrom: instant(last.startOf('day').toMillis()),
    promisedTo: instant(last.toMillis()),
    basis: ['imported']
  }
}
