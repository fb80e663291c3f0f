import {
  allowed,
  COMMANDS,
  INITIAL,
  implied,
  next,
  type OrderCommand,
  type Regions,
  statusOf
} from '../../../subgraphs/orders/order-machine.ts'
import { OrderStatus, STATUS_CODES } from '../../../subgraphs/orders/order-status.ts'

const after = (...commands: OrderCommand[]): Regions =>
  commands.reduce<Regions>((regions, command) => {
    const then = next(regions, command)
    if (!then) throw new Error(`${command} is not allowed`)
    return then
  }, INITIAL)

describe('the order’s statechart', () => {
  test.each<[OrderCommand[], OrderStatus, OrderCommand[]]>([
    [[], OrderStatus.AWAITING_PAYMENT, ['payOrder', 'cancelOrder']],
    [['payOrder'], OrderStatus.PAID, ['shipOrder', 'cancelOrder', 'requestReturn']],
    [['payOrder', 'shipOrder'], OrderStatus.SHIPPED, ['confirmReceipt', 'requestReturn']],
    [['payOrder', 'shipOrder', 'confirmReceipt'], OrderStatus.COMPLETED, ['requestReturn']],
    [['cancelOrder'], OrderStatus.CANCELLED, []],
    [['payOrder', 'cancelOrder'], OrderStatus.CANCELLED, []],
    [['payOrder', 'requestReturn'], OrderStatus.PAID, ['shipOrder', 'approveReturn', 'declineReturn']],
    [
      ['payOrder', 'shipOrder', 'requestReturn', 'approveReturn'],
      OrderStatus.SHIPPED,
      ['confirmReceipt', 'receiveReturn']
    ],
    [['payOrder', 'requestReturn', 'declineReturn'], OrderStatus.PAID, ['shipOrder', 'cancelOrder', 'requestReturn']],
    [
      ['payOrder', 'shipOrder', 'requestReturn', 'approveReturn', 'receiveReturn'],
      OrderStatus.SHIPPED,
      ['confirmReceipt', 'requestReturn']
    ]
  ])('after %j it is %s and allows %j', (commands, status, choices) => {
    const regions = after(...commands)
    expect(statusOf(regions)).toBe(status)
    expect(allowed(regions)).toEqual(choices)
    expect(COMMANDS.filter(command => next(regions, command) !== null)).toEqual(choices)
  })

  test('has a state for every status, from which the status is read back', () => {
    for (const status of Object.values(OrderStatus)) expect(statusOf(implied(INITIAL, status))).toBe(status)
    expect(Object.values(STATUS_CODES)).toEqual([0, 1, 2, 3, 4])
  })
})
