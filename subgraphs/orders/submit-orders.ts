import { instant } from '../../platform/clock.ts'
import { Fault } from '../../platform/errors.ts'
import type { UserError } from '../../platform/graphql/user-error.ts'
import { mutate, type Outcome } from '../../platform/idempotency/mutate.ts'
import { newId } from '../../platform/ids.ts'
import type { ReaderTx } from '../../platform/log/tx.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { checkDraft } from './check-draft.ts'
import { draftOf } from './draft-of.ts'
import { orderEvent, STATUS_EVENTS } from './events.ts'
import { findCustomers } from './find-customers.ts'
import { productsBySku } from './find-products.ts'
import { findTaken } from './find-taken.ts'
import { insertOrders } from './insert-orders.ts'
import { keysOf } from './order.ts'
import { type OrderRows, rowsOfDraft } from './order-draft.ts'
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

/** Takes new orders in, all or none. `submittedIds` of the outcome reads them back. Throws Fault BAD_USER_INPUT for too many. */
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

/** Ids of the orders that a submission made, also of one that was made before; empty when it was refused. */
export function submittedIds({ id }: Outcome): readonly string[] {
  return id === null ? [] : id.split(' ')
}

async function insertAll(deps: OrdersDeps, context: Context, submission: Submission, tx: ReaderTx): Promise<Outcome> {
  const { access } = context
  const now = instant(deps.clock.now())
  const skus = submission.orders.flatMap(({ order }) => order.lines.map(({ sku }) => sku))
  const products = await productsBySku(tx.manager, access.company, skus)
  const customers = await findCustomers(
    tx.manager,
    submission.orders.map(({ order: { channel, customer } }) => ({ company: access.company, channel, customer }))
  )
  const refused: UserError[] = []
  const fresh: OrderRows[] = []
  for (const { order: input, path } of submission.orders) {
    const draft = draftOf(input, access.company, products, now)
    const reason = typeof draft === 'string' ? draft : checkDraft(draft)
    if (typeof draft === 'string' || reason !== null) {
      refused.push(refuse('INVALID_ORDER', access.language, path, { reason: reason ?? '' }))
      continue
    }
    const rows = rowsOfDraft(draft, newId('ord'), customers.of(draft))
    if (metScopes(keysOf(rows.order), access.write['Order']) === 0) {
      refused.push(refuse('OUT_OF_SCOPE', access.language, path))
    }
    fresh.push(rows)
  }
  // Only then: who may not write in a channel must not learn which of its names are taken.
  const userErrors = refused.length > 0 ? refused : await refuseTaken(context, submission, tx, fresh)
  if (userErrors.length > 0) return { id: null, userErrors }
  const newOrders = fresh.map(rows => {
    const { id: orderId, status, version } = rows.order
    const event = STATUS_EVENTS[status]
    return { ...rows, history: [{ orderId, version, at: now, status, event, actor: access.consumer }] }
  })
  await insertOrders(tx.manager, newOrders, customers.known)
  for (const { order, ...rows } of fresh) {
    const data = submittedData({ order, ...rows }, products, { backfill: false, promisedTo: null })
    tx.emit(orderEvent(order, STATUS_EVENTS[order.status], now, data))
  }
  return { id: fresh.map(({ order }) => order.id).join(' ') || null, userErrors }
}

/** Refusals of orders whose external id or number their channel has, or an order earlier in the same submission. */
async function refuseTaken(
  { access }: Context,
  { orders }: Submission,
  { manager }: ReaderTx,
  fresh: readonly OrderRows[]
): Promise<readonly UserError[]> {
  const taken = await findTaken(
    manager,
    fresh.map(({ order }) => order)
  )
  const userErrors: UserError[] = []
  for (const [i, { order }] of fresh.entries()) {
    if (taken.byExternalId(order) || taken.hasNumber(order)) {
      userErrors.push(refuse('ALREADY_SUBMITTED', access.language, orders[i]?.path))
    }
    taken.add(order, order)
  }
  return userErrors
}
