import { refusals } from '../../platform/graphql/refusal.ts'

/** Why this room says no, and what to do about it. */
export const refuse = refusals({
  INVALID_TRANSITION: {
    en: 'An order that is {status} does not allow {command}. Allowed now: {allowed}.',
    zh: '状态为 {status} 的订单不允许 {command}。当前允许的操作：{allowed}。'
  },
  ALREADY_SUBMITTED: {
    en: 'The channel already has an order with this external id or number. Read it with orderByExternalId, or send another one.',
    zh: '该渠道已存在相同外部 ID 或编号的订单。请用 orderByExternalId 查询，或更换后重新提交。'
  },
  TEXT_TOO_LONG: {
    en: 'The text may have at most {most} characters. Shorten it.',
    zh: '文字最多 {most} 个字符，请缩短。'
  },
  INVALID_ORDER: {
    en: 'The order cannot be taken: {reason}. Correct it and send it again.',
    zh: '无法接收此订单：{reason}。请更正后重新提交。'
  }
})
