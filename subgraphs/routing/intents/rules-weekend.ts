import { IntentCode } from './intent-model.ts'
import type { Rule } from './rule.ts'

const DAY = '(周|星期|礼拜)'
const WEEKEND = `(周末|双休日?|${DAY}六${DAY}?[日天]|${DAY}六(或者|和|跟|、|或|与)${DAY}?[日天]|休息日|六日)`
const WEEKDAYS = `(工作日|平日|平常白天|${DAY}一(到|至|~|-)(周|星期|礼拜)?五)`

/** Weekends as a class of days; a given Saturday is DELIVER_ON and found elsewhere. */
export const WEEKEND_RULES: readonly Rule[] = [
  {
    code: IntentCode.WEEKEND_ONLY,
    when: new RegExp(
      `(只有?|只能|仅|必须|才)[^，,]{0,4}${WEEKEND}[^，,]{0,10}|${WEEKEND}[^，,]{0,6}才(能|行|可|允许|让|有)|${WEEKEND}[^，,]{0,3}(送|派)(?!货?(不|没))(才行|吧|来|$)`,
      'g'
    ),
    unless: /(别|不要|莫|勿|避开)[^，,]{0,3}(周末|周六|礼拜六|双休)|不在|没人|不能/,
    confidence: 0.9
  },
  {
    code: IntentCode.WEEKEND_ONLY,
    when: new RegExp(`${WEEKDAYS}[^，,]{0,6}(别|不要|不在|没人|不行|不能|都住校|都在)`, 'g'),
    negated: 'keep',
    confidence: 0.7
  },
  {
    code: IntentCode.AVOID_WEEKEND,
    when: new RegExp(
      `(避开|别|不要|莫|勿|千万别|不)[^，,]{0,4}${WEEKEND}|${WEEKEND}[^，,]{0,8}(不在|没人|没有?人|不开|休息|放假|锁门|关|不收|不上班|别送|别来|不要|不方便|不安排|停|无人|不行)`,
      'g'
    ),
    unless: /只有|只能|才(能|行)|除了/,
    negated: 'keep',
    confidence: 0.9
  },
  {
    code: IntentCode.AVOID_WEEKEND,
    when: new RegExp(
      `${WEEKDAYS}[^，,]{0,8}(送|派|配送|收货|才有人)|(改成|只在?|请在?)${WEEKDAYS}|上班时间(送|派)`,
      'g'
    ),
    unless: /(工作日|平日|平常)[^，,]{0,4}(别|不要|不在|没人|不行|不能)|都行/
  },
  { code: IntentCode.AVOID_WEEKEND, when: /(收货|窗口)[^。]{0,8}(周一|星期一)[^。]{0,4}(周五|星期五)/g, wide: true }
]
