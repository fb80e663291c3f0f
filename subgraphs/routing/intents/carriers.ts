import type { Segment } from './clauses.ts'
import { CarrierCode, type DetectedIntent, IntentCode } from './intent-model.ts'

const NAMES: Readonly<Record<CarrierCode, string>> = {
  SF: '顺丰|顺风快递|(?<![a-z])sf(?![a-z0-9])',
  JD: '京东|(?<![a-z])jd(?![a-z])',
  YTO: '圆通',
  ZTO: '中通',
  STO: '申通',
  YUNDA: '韵达|运达快递',
  EMS: '邮政|(?<![a-z])ems(?![a-z])|邮局',
  DEPPON: '德邦',
  JTEXPRESS: '极兔|j&t',
  CAINIAO: '菜鸟(?!驿站)|丹鸟'
}
const CODES = Object.keys(NAMES) as readonly CarrierCode[]
const ANY = new RegExp(CODES.map(code => `(?<${code}>${NAMES[code]})`).join('|'), 'g')
/** 圆通街, 中通大厦: a place, not a carrier. */
const PLACE = /^(街|路|寺|大厦|大道|巷|村|广场|小区|买|商城|超市)/
const PAST = /上次|上回|之前|以前|走的|发的|默认|什么快递|哪家|隔壁|被/
const REFUSED_BEFORE =
  /(不要|别|不用|勿|莫|甭|拒绝|拒收|拒|不走|不发|除了|不收|不能|不得|不想|不爱|讨厌|避开|换掉)[^，,]{0,6}$/
const REFUSED_AFTER = /^[^，,]{0,4}(不要|不行|除外|不用|别|太慢|不收|不到|免了)/
const ASKED_BEFORE = /(发|走|用|寄|请|选|改|换|由|派|只收|接受|要|指定|就|只有|叫|或)[^，,]{0,3}$/
const ASKED_AFTER = /^[^，,]{0,6}(寄|发|送|优先|承运|配送|能进|能到|来取|同城|自己的)|^[!！]|^$/

/** PREFER_CARRIER and AVOID_CARRIER of one sentence's clauses; a carrier merely named gives neither. */
export function carrierIntents(parts: readonly Segment[]): readonly DetectedIntent[] {
  const found: DetectedIntent[] = []
  for (const part of parts) {
    let from = 0
    let inherited: IntentCode | null = null
    for (const match of part.text.matchAll(ANY)) {
      const end = match.index + match[0].length
      const gap = part.text.slice(from, match.index)
      const after = part.text.slice(end)
      const carrier = CODES.find(code => match.groups?.[code] !== undefined)
      const joined = from > 0 && /^(、|和|跟|或者?|\/|以及|及|还有)$/.test(gap)
      const code: IntentCode | null = joined && inherited ? inherited : wish(gap, after, part)
      from = end
      inherited = code
      if (!carrier || !code) continue
      found.push({
        code,
        confidence: 0.85,
        span: [part.start + match.index, part.start + end],
        date: null,
        carriers: [carrier]
      })
    }
  }
  return found
}

function wish(before: string, after: string, part: Segment): IntentCode | null {
  if (PLACE.test(after)) return null
  if (REFUSED_BEFORE.test(before) || REFUSED_AFTER.test(after)) return IntentCode.AVOID_CARRIER
  if (PAST.test(part.text) || /[?？]/.test(part.end) || /吗|呀$/.test(part.text)) return null
  return ASKED_BEFORE.test(before) || ASKED_AFTER.test(after) ? IntentCode.PREFER_CARRIER : null
}
