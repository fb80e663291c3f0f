import { refusals } from '../../platform/graphql/refusal.ts'

/** This room's refusals, beside the common ones. */
export const refusal = refusals({
  NEGATIVE_STOCK: {
    en: 'On hand must be a whole number from 0. Report what was counted.',
    zh: '现有库存必须是不小于 0 的整数。请上报实际盘点数。'
  },
  BAD_SOURCE: {
    en: 'The source must have 1 to 64 characters, and the article number too. Name the system that counted.',
    zh: '数据来源与商品编号都必须为 1 至 64 个字符。请填写盘点系统的名称。'
  },
  FUTURE_REPORT: {
    en: 'The count lies in the future ({occurredAt}). Send the time at which it was taken, with its zone.',
    zh: '盘点时间在未来（{occurredAt}）。请提交带时区的实际盘点时间。'
  },
  OUTDATED_REPORT: {
    en: 'A later count is known already ({known}). Report the current figure, or drop this one.',
    zh: '已有更新的盘点数据（{known}）。请上报当前数据，或放弃本次上报。'
  }
})
