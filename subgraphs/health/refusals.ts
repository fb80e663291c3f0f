import { refusals } from '../../platform/graphql/refusal.ts'

/** This room's refusals, beside the common ones. */
export const refusal = refusals({
  BAD_SYSTEM: {
    en: 'The system must be 1 to 64 letters, digits, dots, dashes or underscores, such as wms.',
    zh: '系统标识必须为 1 至 64 个字母、数字、点、连字符或下划线，例如 wms。'
  },
  UNMAPPED_STATUS: {
    en: '{system} says {status}, and nobody has mapped that to a status. Send one of: {known}.',
    zh: '{system} 上报的状态“{status}”没有对应关系。请使用以下之一：{known}。'
  },
  FUTURE_REPORT: {
    en: 'The status lies in the future ({occurredAt}). Send the time at which it was reached, with its zone.',
    zh: '状态时间在未来（{occurredAt}）。请提交带时区的实际时间。'
  }
})
