import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql'
import type { UserError } from '../../platform/graphql/user-error.ts'
import type { Outcome } from '../../platform/idempotency/mutate.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { changeOrder } from './change-order.ts'
import type { Order } from './order.ts'
import {
  CancelOrderInput,
  ConfirmReceiptInput,
  PayOrderInput,
  ShipOrderInput,
  SubmitOrderInput,
  SubmitOrdersInput
} from './order-inputs.ts'
import {
  CancelOrderPayload,
  ConfirmReceiptPayload,
  PayOrderPayload,
  ShipOrderPayload,
  SubmitOrderPayload,
  SubmitOrdersPayload
} from './order-payloads.ts'
import type { OrdersDeps } from './orders-deps.ts'
import { ordersByIds } from './read-orders.ts'
import { type Submission, submitOrders, submittedIds } from './submit-orders.ts'

interface OnOrder {
  readonly order: Order | null
  readonly userErrors: readonly UserError[]
}

@Resolver()
export class OrderMutations {
  readonly #deps: OrdersDeps

  constructor(deps: OrdersDeps) {
    this.#deps = deps
  }

  @Mutation(() => SubmitOrderPayload)
  @Directive('@owner(department: "sales")')
  async submitOrder(
    @Arg('input', () => SubmitOrderInput) input: SubmitOrderInput,
    @Ctx() context: Context
  ): Promise<OnOrder> {
    const orders = [{ order: input, path: ['input'] }]
    const { orders: submitted, userErrors } = await this.#submit(context, { operation: 'submitOrder', input, orders })
    return { order: submitted[0] ?? null, userErrors }
  }

  @Mutation(() => SubmitOrdersPayload, { description: 'All of the orders or none.' })
  @Directive('@owner(department: "sales")')
  submitOrders(
    @Arg('input', () => SubmitOrdersInput) input: SubmitOrdersInput,
    @Ctx() context: Context
  ): Promise<SubmitOrdersPayload> {
    const orders = input.orders.map((order, i) => ({ order, path: ['input', 'orders', String(i)] }))
    return this.#submit(context, { operation: 'submitOrders', input, orders })
  }

  @Mutation(() => PayOrderPayload)
  @Directive('@owner(department: "finance")')
  async payOrder(@Arg('input', () => PayOrderInput) input: PayOrderInput, @Ctx() context: Context): Promise<OnOrder> {
    return this.#answer(context, await changeOrder(this.#deps, context, 'payOrder', input))
  }

  @Mutation(() => ShipOrderPayload)
  @Directive('@owner(department: "fulfillment")')
  async shipOrder(
    @Arg('input', () => ShipOrderInput) input: ShipOrderInput,
    @Ctx() context: Context
  ): Promise<OnOrder> {
    const carrier = input.carrier ?? null
    const texts = [{ field: 'carrier', text: carrier, most: 64 }]
    const change = { texts, ...(carrier !== null && { set: { carrier } }) }
    return this.#answer(context, await changeOrder(this.#deps, context, 'shipOrder', input, change))
  }

  @Mutation(() => ConfirmReceiptPayload)
  @Directive('@owner(department: "sales")')
  async confirmReceipt(
    @Arg('input', () => ConfirmReceiptInput) input: ConfirmReceiptInput,
    @Ctx() context: Context
  ): Promise<OnOrder> {
    return this.#answer(context, await changeOrder(this.#deps, context, 'confirmReceipt', input))
  }

  @Mutation(() => CancelOrderPayload)
  @Directive('@owner(department: "sales")')
  async cancelOrder(
    @Arg('input', () => CancelOrderInput) input: CancelOrderInput,
    @Ctx() context: Context
  ): Promise<OnOrder> {
    const cancelReason = input.reason ?? null
    const change = { set: { cancelReason }, texts: [{ field: 'reason', text: cancelReason, most: 500 }] }
    return this.#answer(context, await changeOrder(this.#deps, context, 'cancelOrder', input, change))
  }

  /** The order as the caller may see it now. */
  async #answer({ access }: Context, { id, userErrors }: Outcome): Promise<OnOrder> {
    if (id === null) return { order: null, userErrors }
    const orders = await ordersByIds(this.#deps.database.reads, access, [id])
    return { order: orders.get(id) ?? null, userErrors }
  }

  async #submit(context: Context, submission: Submission): Promise<SubmitOrdersPayload> {
    const outcome = await submitOrders(this.#deps, context, submission)
    const { userErrors } = outcome
    const ids = submittedIds(outcome)
    if (ids.length === 0) return { orders: [], userErrors }
    const orders = await ordersByIds(this.#deps.database.reads, context.access, ids)
    return { orders: ids.flatMap(id => orders.get(id) ?? []), userErrors }
  }
}
