import { and, not, or, setup, stateIn, transition } from 'xstate'
import { OrderStatus } from './order-status.ts'

/** One state in each region, all at once; stored with the order. */
export interface Regions {
  readonly payment: 'AWAITING' | 'PAID'
  readonly fulfillment: 'UNFULFILLED' | 'SHIPPED' | 'RECEIVED' | 'CANCELLED'
  readonly reverse: 'NONE' | 'REQUESTED' | 'APPROVED' | 'RECEIVED' | 'DECLINED'
  readonly exchange: 'NONE'
  readonly compensation: 'NONE'
}

/** What can be asked of an order: named as the mutation that asks, so that a refusal can say what is allowed. */
export const COMMANDS = [
  'payOrder',
  'shipOrder',
  'confirmReceipt',
  'cancelOrder',
  'requestReturn',
  'approveReturn',
  'declineReturn',
  'receiveReturn'
] as const

export type OrderCommand = (typeof COMMANDS)[number]

/** State of an order that was just submitted. */
export const INITIAL: Regions = {
  payment: 'AWAITING',
  fulfillment: 'UNFULFILLED',
  reverse: 'NONE',
  exchange: 'NONE',
  compensation: 'NONE'
}

// Guards look across regions: of a cancellation and a return, whoever comes second is refused (semantics W1).
const machine = setup({
  types: { events: {} as { readonly type: OrderCommand } },
  guards: {
    isPaid: stateIn({ payment: 'PAID' }),
    isCancelled: stateIn({ fulfillment: 'CANCELLED' }),
    isReturning: or([stateIn({ reverse: 'REQUESTED' }), stateIn({ reverse: 'APPROVED' })])
  }
}).createMachine({
  type: 'parallel',
  states: {
    payment: {
      initial: 'AWAITING',
      states: { AWAITING: { on: { payOrder: { target: 'PAID', guard: not('isCancelled') } } }, PAID: {} }
    },
    fulfillment: {
      initial: 'UNFULFILLED',
      states: {
        UNFULFILLED: {
          on: {
            shipOrder: { target: 'SHIPPED', guard: 'isPaid' },
            cancelOrder: { target: 'CANCELLED', guard: not('isReturning') }
          }
        },
        SHIPPED: { on: { confirmReceipt: 'RECEIVED' } },
        RECEIVED: {},
        CANCELLED: {}
      }
    },
    reverse: {
      initial: 'NONE',
      on: {
        requestReturn: { target: '.REQUESTED', guard: and(['isPaid', not('isCancelled'), not('isReturning')]) }
      },
      states: {
        NONE: {},
        REQUESTED: { on: { approveReturn: 'APPROVED', declineReturn: 'DECLINED' } },
        APPROVED: { on: { receiveReturn: 'RECEIVED' } },
        RECEIVED: {},
        DECLINED: {}
      }
    },
    exchange: { initial: 'NONE', states: { NONE: {} } },
    compensation: { initial: 'NONE', states: { NONE: {} } }
  }
})

/** The state after a command, or null when the statechart does not allow it. */
export function next(regions: Regions, command: OrderCommand): Regions | null {
  const snapshot = resolve(regions)
  if (!snapshot.can({ type: command })) return null
  return transition(machine, snapshot, { type: command })[0].value as unknown as Regions
}

/** The commands that the statechart allows now. */
export function allowed(regions: Regions): readonly OrderCommand[] {
  const snapshot = resolve(regions)
  return COMMANDS.filter(type => snapshot.can({ type }))
}

/** The one public status of a state: every state has exactly one. */
export function statusOf(regions: Regions): OrderStatus {
  if (regions.fulfillment === 'CANCELLED') return OrderStatus.CANCELLED
  if (regions.fulfillment === 'RECEIVED') return OrderStatus.COMPLETED
  if (regions.fulfillment === 'SHIPPED') return OrderStatus.SHIPPED
  return regions.payment === 'PAID' ? OrderStatus.PAID : OrderStatus.AWAITING_PAYMENT
}

/**
 * The state that a status of the past implies. Imported history is fact, not a wish, so it is not asked whether each
 * step was allowed: a source may never have told when an order was paid that it shipped.
 */
export function implied(before: Regions, status: OrderStatus): Regions {
  switch (status) {
    case OrderStatus.AWAITING_PAYMENT:
      return INITIAL
    case OrderStatus.PAID:
      return { ...before, payment: 'PAID' }
    case OrderStatus.SHIPPED:
      return { ...before, payment: 'PAID', fulfillment: 'SHIPPED' }
    case OrderStatus.COMPLETED:
      return { ...before, payment: 'PAID', fulfillment: 'RECEIVED' }
    case OrderStatus.CANCELLED:
      return { ...before, fulfillment: 'CANCELLED' }
  }
}

function resolve(regions: Regions) {
  return machine.resolveState({ value: { ...regions } })
}
