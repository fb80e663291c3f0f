import type { DateTime } from 'luxon'
import { clauses, type Segment } from './clauses.ts'
import { type DateMention, dateMentions } from './dates.ts'
import { type DetectedIntent, IntentCode } from './intent-model.ts'

const PART = '(凌晨|早上|上午|中午|下午|傍晚|晚上|晚)?'
const CLOCK = '([0-9]{1,2}(:[0-9]{2})?|[一二两三四五六七八九十]{1,2})(点半?|时|:[0-9]{2})'
const BEFORE = /^[^，,]{0,6}?(之前|以前|(?<!提)前(?!一天|一晚|台|面|两|三|后)|之内|内)/
const AFTER = /^[^，,]{0,4}?(以后|之后|过后|后(?!门|面|台)|再|起|完)/
const MOVES = /送|派|寄|发|到|出货|收|安装|来装|给我/
const DELIVERS = /送|派|寄到|配送|来装|安装|到货|收货|上门|到饭店|送达|展位/
const COLLECTS = /自提|到店|取货?件?$|去拿|装货|自取|到你们/
const PAST = /^(晚|早)?(下的|买的|拍的|那|下单|付|的单|订的|就下|刚|给你|发你)|^[^，,]{0,2}(报销|开会)/
const HOLD = /(先)?(别|不要|莫|勿|暂(时)?不|不能)(先)?(寄|发|送|派)/
const CLOCK_WINDOW = new RegExp(
  `${PART}${CLOCK}(半)?(以后|之后|后|以前|之前|前|左右)|${CLOCK}?[-~至到]${PART}${CLOCK}|[0-9]{1,2}(:[0-9]{2})?[-~至到][0-9]{1,2}(:[0-9]{2})?点`
)
const CLOCK_AHEAD = new RegExp(`^(的)?${PART}(${CLOCK}半?)?`)

/** DELIVER_BY, DELIVER_AFTER and DELIVER_ON of a sentence, with their days. `known` carries days named before it. */
export function timingIntents(sentence: Segment, today: DateTime, known: DateMention[]): readonly DetectedIntent[] {
  const found: DetectedIntent[] = []
  for (const clause of clauses(sentence)) {
    const mentions = dateMentions(clause.text, today)
    const choice = mentions.length > 1 && /或|任/.test(clause.text)
    for (const mention of mentions) {
      const code = reading(clause, mention, sentence)
      if (code)
        found.push(
          intent(code, clause, mention, choice && code === IntentCode.DELIVER_ON ? null : dayFor(code, mention, clause))
        )
    }
    const last = mentions.at(-1) ?? known.at(-1)
    if (!found.length && last) found.push(...referred(clause, last))
    if (!mentions.length) found.push(...windows(clause))
    known.push(...mentions)
  }
  return found
}

function reading(clause: Segment, mention: DateMention, sentence: Segment): IntentCode | null {
  const before = clause.text.slice(0, mention.start)
  const tail = clause.text.slice(mention.end)
  if (PAST.test(tail) || COLLECTS.test(clause.text)) return null
  const clock = CLOCK_AHEAD.exec(tail)?.[0] ?? ''
  const after = tail.slice(clock.length)
  const deliverable = MOVES.test(clause.text) || MOVES.test(sentence.text.slice(clause.start - sentence.start))
  if (mention.kind === 'within' && deliverable) return IntentCode.DELIVER_BY
  if (BEFORE.test(after) && deliverable) return HOLD.test(after) ? IntentCode.DELIVER_AFTER : IntentCode.DELIVER_BY
  if (AFTER.test(after) && !/^再不/.test(after) && deliverable) {
    return /点|时|:/.test(clock) ? IntentCode.DELIVER_ON : IntentCode.DELIVER_AFTER
  }
  if (/(等到?|过了?)$/.test(before) && deliverable) return IntentCode.DELIVER_AFTER
  if (/(最晚|最迟|赶在|赶上|不晚于|不迟于|务必在|拖过|超过|赶)[^，,]{0,3}$/.test(before)) return IntentCode.DELIVER_BY
  if (/^(要|得|必须|务必)?(在|到)(我|我们)?手/.test(after)) return IntentCode.DELIVER_BY
  if (
    mention.kind === 'end' ||
    /^(要|得|必须|务必|能)?(在|到)(我)?(们)?(手|货)|^[^，,]{0,3}(要|得)(用|穿|到手|在手|到$)/.test(after)
  ) {
    return deliverable ? IntentCode.DELIVER_BY : null
  }
  if (/^今/.test(clause.text.slice(mention.start)) && /发|出|寄回/.test(tail)) return null
  return DELIVERS.test(clause.text.slice(mention.end)) || /任一天|(?<!不)在家/.test(tail) ? IntentCode.DELIVER_ON : null
}

/** 过年前 and 春节前 mean before its eve is over; every other festival counts as its own day. */
function dayFor(code: IntentCode, mention: DateMention, clause: Segment): DateTime {
  const yearEnd = mention.kind === 'festival' && /^(过年|年)/.test(clause.text.slice(mention.start))
  return yearEnd && code === IntentCode.DELIVER_BY ? mention.day.minus({ days: 1 }) : mention.day
}

/** 那之前, 前一天到手, 那天送: a day named earlier in the note. */
function referred(clause: Segment, last: DateMention): readonly DetectedIntent[] {
  const rules: readonly (readonly [RegExp, IntentCode, number])[] = [
    [/(那|这|在此)(天)?之前|在那前/, IntentCode.DELIVER_BY, 0],
    [/(最晚|最迟)?(提?前一天)(务必|要|得)?到/, IntentCode.DELIVER_BY, -1],
    [/(那|当)天[^，,]{0,4}(派|送)/, IntentCode.DELIVER_ON, 0]
  ]
  for (const [pattern, code, shift] of rules) {
    const match = pattern.exec(clause.text)
    if (!match) continue
    const place = { ...last, start: match.index, end: match.index + match[0].length }
    return [intent(code, clause, place, last.day.plus({ days: shift }))]
  }
  return []
}

/** Recurring hours without a day (晚上七点后送), and wishes to wait without one (暂时不要发). */
function windows(clause: Segment): readonly DetectedIntent[] {
  const hours = CLOCK_WINDOW.exec(clause.text)
  if (hours && /送|派|来|收|配送|在家|有人/.test(clause.text))
    return [intent(IntentCode.DELIVER_ON, clause, spanOf(hours), null)]
  const wait = /(暂时|暂|先)(别|不要|不)(发|寄|送)|等(我|通知|电话)[^，,]{0,6}再(发|寄|送)/.exec(clause.text)
  return wait ? [intent(IntentCode.DELIVER_AFTER, clause, spanOf(wait), null)] : []
}

function spanOf(match: RegExpExecArray): Pick<DateMention, 'start' | 'end'> {
  return { start: match.index, end: match.index + match[0].length }
}

function intent(
  code: IntentCode,
  clause: Segment,
  place: Pick<DateMention, 'start' | 'end'>,
  day: DateTime | null
): DetectedIntent {
  return {
    code,
    confidence: day ? 0.85 : 0.6,
    span: [clause.start + place.start, clause.start + place.end],
    date: day?.toISODate() ?? null,
    carriers: []
  }
}
