import { registerEnumType } from 'type-graphql'

/** Where orders come from. */
export enum Channel {
  DOUYIN = 'DOUYIN',
  TAOBAO = 'TAOBAO',
  JD = 'JD',
  PINDUODUO = 'PINDUODUO',
  WECHAT = 'WECHAT',
  B2B = 'B2B',
  DIRECT = 'DIRECT'
}

/** The order's one public status: a total projection of its statechart. */
export enum OrderStatus {
  AWAITING_PAYMENT = 'AWAITING_PAYMENT',
  PAID = 'PAID',
  SHIPPED = 'SHIPPED',
  COMPLETED = 'COMPLETED',
  CANCELLED = 'CANCELLED'
}

/** Numbers that other systems store for a status: total and stable. */
export const STATUS_CODES: Readonly<Record<OrderStatus, number>> = {
  AWAITING_PAYMENT: 0,
  PAID: 1,
  SHIPPED: 2,
  COMPLETED: 3,
  CANCELLED: 4
}

registerEnumType(Channel, { name: 'Channel', description: 'The sales channel that an order came through.' })
registerEnumType(OrderStatus, {
  name: 'OrderStatus',
  description: 'The status of an order, in the order of its codes 0 to 4.'
})
