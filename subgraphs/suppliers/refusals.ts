import { refusals } from '../../platform/graphql/refusal.ts'

/** What this room says no with. */
export const refusal = refusals({
  INVALID_TRANSITION: {
    en: 'A production order that is {status} cannot take this step. Allowed now: {allowed}.',
    zh: '处于 {status} 状态的生产订单不能执行此操作。当前允许的操作：{allowed}。'
  },
  INVALID_QUANTITY: {
    en: 'Promise between 1 and the {ordered} that were asked for.',
    zh: '承诺数量必须在 1 与所需数量 {ordered} 之间。'
  },
  DATE_IN_PAST: {
    en: 'The promised day is over. Promise {today} or later.',
    zh: '承诺日期已过。请承诺 {today} 或之后的日期。'
  },
  DATE_TOO_FAR: {
    en: 'The promised day is too far away. Promise {latest} or earlier.',
    zh: '承诺日期过远。请承诺 {latest} 或之前的日期。'
  }
})
