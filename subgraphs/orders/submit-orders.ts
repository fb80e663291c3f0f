import { instant } from '../../platform/clock.ts'
import { Fault } from '../../platform/errors.ts'
import type { UserError } from '../../platform/graphql/user-error.ts'
import { mutate, type Outcome } from '../../platform/idempotency/mutate.ts'
import { idFrom } from '../../platform/ids.ts'
import type { ReaderTx } from '../../platform/log/tx.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { checkDraft } from './check-draft.ts'
import { draftOf } from './draft-of.ts'
import { orderEvent, STATUS_EVENTS } from './events.ts'
import { productsBySku } from './find-products.ts'
import { insertOrders } from './insert-orders.ts'
import { keysOf, Order } from './order.ts'
import { type OrderRows, orderIdOf, rowsOfDraft } from './order-draft.ts'
import type { OrderInput } from './order-inputs.ts'
import type { OrdersDeps } from './orders-deps.ts'
import { refuse } from './refusals.ts'
import { refusedBy } from './refused-by.ts'
import { submittedData } from './submitted-data.ts'

const MOST_ORDERS = 100

/** What is submitted: by which mutation, and each order with its place in the arguments. */
export interface Submission {
  readonly operation: 'submitOrder' | 'submitOrders'
  readonly input: { readonly idempotencyKey: string }
  readonly orders: readonly { readonly order: OrderInput; readonly path: readonly string[] }[]
}

/** Takes new orders in, all or none. They are read back by `submittedIds`. Throws Fault BAD_USER_INPUT for too many. */
export async function submitOrders(deps: OrdersDeps, context: Context, submission: Submission): Promise<Outcome> {
  if (submission.orders.length > MOST_ORDERS) {
    throw new Fault('BAD_USER_INPUT', `Submit at most ${MOST_ORDERS} orders at once.`)
  }
  const submit = () =>
    mutate(deps, context, submission.operation, submission.input, tx => insertAll(deps, context, submission, tx))
  return submit().catch(error => {
    // Someone else submitted the same order in between: looking again finds it.
    if (refusedBy(error) !== null) return submit()
    throw error
  })
}

/** Ids of submitted orders: they follow from the input, so that a repeated call finds what the first one made. */
export function submittedIds({ access }: Context, { operation, input, orders }: Submission): readonly string[] {
  return orders.map(({ order }, i) =>
    order.externalId == null
      ? idFrom('ord', access.company, access.consumer, operation, input.idempotencyKey, String(i))
      : orderIdOf(access.company, order.channel, order.externalId)
  )
}

async function insertAll(deps: OrdersDeps, context: Context, submission: Submission, tx: ReaderTx): Promise<Outcome> {
  const { access } = context
  const now = instant(deps.clock.now())
  const ids = submittedIds(context, submission)
  const skus = submission.orders.flatMap(({ order }) => order.lines.map(({ sku }) => sku))
  const products = await productsBySku(tx.manager, access.company, skus)
  const userErrors: UserError[] = []
  const fresh: OrderRows[] = []
  for (const [i, { order: input, path }] of submission.orders.entries()) {
    const draft = draftOf(input, access.company, products, now)
    const reason = typeof draft === 'string' ? draft : checkDraft(draft)
    if (typeof draft === 'string' || reason !== null) {
      userErrors.push(refuse('INVALID_ORDER', access.language, path, { reason: reason ?? '' }))
      continue
    }
    const rows = rowsOfDraft(draft, ids[i] ?? '')
    if (metScopes(keysOf(rows.order), access.write['Order']) === 0) {
      userErrors.push(refuse('OUT_OF_SCOPE', access.language, path))
    } else if (await isTaken(tx, rows.order, fresh)) {
      userErrors.push(refuse('ALREADY_SUBMITTED', access.language, path))
    }
    fresh.push(rows)
  }
  if (userErrors.length > 0) return { id: null, userErrors }
  const newOrders = fresh.map(rows => {
    const { id: orderId, status, version } = rows.order
    const event = STATUS_EVENTS[status]
    return { ...rows, history: [{ orderId, version, at: now, status, event, actor: access.consumer }] }
  })
  await insertOrders(tx.manager, newOrders)
  for (const { order, ...rows } of fresh) {
    const data = submittedData({ order, ...rows }, products, { backfill: false, promisedTo: null })
    tx.emit(orderEvent(order, STATUS_EVENTS[order.status], now, data))
  }
  return { id: ids[0] ?? null, userErrors }
}

/** True when an order with the same id or number is there, or comes earlier in the same submission. */
async function isTaken(
  { manager }: ReaderTx,
  { id, company, number }: OrderRows['order'],
  earlier: readonly OrderRows[]
) {
  if (earlier.some(({ order }) => order.id === id || order.number === number)) return true
  const there = await manager.findOne(Order, { where: [{ id }, { company, number }], select: { id: true } })
  return there !== null
}
