import { refusals } from '../../platform/graphql/refusal.ts'

/** What this room says no with. */
export const refusal = refusals({
  INVALID_TRANSITION: {
    en: 'A return that is {status} cannot take this step. Allowed now: {allowed}.',
    zh: '处于 {status} 状态的退货单不能执行此操作。当前允许的操作：{allowed}。'
  },
  NO_LINES: {
    en: 'Name at least one order line and how many of it come back.',
    zh: '请至少填写一个订单行及其退货数量。'
  },
  DUPLICATE_LINE: {
    en: 'Order line {lineId} is named twice. Name it once, with the whole quantity.',
    zh: '订单行 {lineId} 重复出现。请合并为一行并填写总数量。'
  },
  UNKNOWN_LINE: {
    en: 'The order has no line {lineId}. Read Order.lines and use their ids.',
    zh: '该订单没有订单行 {lineId}。请查询 Order.lines 并使用其中的 ID。'
  },
  INVALID_QUANTITY: {
    en: 'The quantity to return must be 1 or more.',
    zh: '退货数量必须大于或等于 1。'
  },
  QUANTITY_EXCEEDED: {
    en: 'Only {left} of the {ordered} ordered can still be returned. Lower the quantity, or see Order.returns for what is on its way back.',
    zh: '订购 {ordered} 件，其中仅剩 {left} 件可退。请减少数量，或在 Order.returns 中查看已申请的退货。'
  },
  TEXT_TOO_LONG: {
    en: 'The text may have at most {most} characters. Shorten it.',
    zh: '文字最多 {most} 个字符，请缩短。'
  }
})
