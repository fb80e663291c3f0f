import { DateTime } from 'luxon'
import { carrierIntents } from './carriers.ts'
import { clauses, negatedAt, type Segment, sentences } from './clauses.ts'
import type { DateMention } from './dates.ts'
import { type DetectedIntent, IntentCode, type IntentModel, type Note } from './intent-model.ts'
import { normalise } from './normalise.ts'
import { DEFAULT_CONFIDENCE, type Negated, type Rule } from './rule.ts'
import { HANDOVER_RULES } from './rules-handover.ts'
import { PARCEL_RULES } from './rules-parcel.ts'
import { SERVICE_RULES } from './rules-service.ts'
import { WEEKEND_RULES } from './rules-weekend.ts'
import { timingIntents } from './timing.ts'

const RULES: readonly Rule[] = [...HANDOVER_RULES, ...PARCEL_RULES, ...SERVICE_RULES, ...WEEKEND_RULES]

/** Where both are found, the second gives way: 周末停产，所以周末送 asks for the weekend. */
const OUTWEIGHS: readonly (readonly [IntentCode, IntentCode])[] = [[IntentCode.WEEKEND_ONLY, IntentCode.AVOID_WEEKEND]]
const RETRACTED: readonly (readonly [RegExp, IntentCode])[] = [
  [/不退了|不用退了|不想退|留下了|换[^，,。]{0,3}就行/, IntentCode.RETURN],
  [/不换了|算了[^，,。]{0,2}退|不用换/, IntentCode.EXCHANGE],
  [/找(着|到)了|不用补/, IntentCode.RESHIP]
]

/** Characters of a note that are read: what comes after is no wish that anyone would find. */
const LONGEST_NOTE = 4000

/** Rules over clauses: the first, honest detector. */
export const ruleModel: IntentModel = { version: 'rules-1', detect }

function detect(note: Note): readonly DetectedIntent[] {
  const text = normalise(note.text.slice(0, LONGEST_NOTE))
  const today = DateTime.fromISO(note.at, { zone: note.zone }).startOf('day')
  const known: DateMention[] = []
  const found: DetectedIntent[] = []
  for (const sentence of sentences(text)) {
    const parts = clauses(sentence)
    found.push(...RULES.flatMap(rule => (rule.wide ? [sentence] : parts).flatMap(part => evidence(rule, part))))
    found.push(...carrierIntents(parts))
    if (today.isValid) found.push(...timingIntents(sentence, today, known))
  }
  return settle(found, text)
}

function evidence(rule: Rule, part: Segment): readonly DetectedIntent[] {
  if (rule.unless?.test(part.text)) return []
  const found: DetectedIntent[] = []
  for (const match of part.text.matchAll(rule.when)) {
    if (match[0] === '') continue
    const negated = rule.negated !== 'keep' && negatedAt(part.text, match.index)
    const code = negated ? opposite(rule.negated) : rule.code
    if (!code) continue
    const span = [part.start + match.index, part.start + match.index + match[0].length] as const
    found.push({ code, confidence: rule.confidence ?? DEFAULT_CONFIDENCE, span, date: null, carriers: [] })
  }
  return found
}

function opposite(negated: Negated = 'drop'): IntentCode | null {
  return negated === 'drop' || negated === 'keep' ? null : negated
}

/** One intent a code, the strongest evidence first, in order of the text. */
function settle(found: readonly DetectedIntent[], text: string): readonly DetectedIntent[] {
  const best = new Map<IntentCode, DetectedIntent>()
  for (const intent of found) {
    const other = best.get(intent.code)
    if (!other) best.set(intent.code, intent)
    else best.set(intent.code, stronger(other, intent))
  }
  for (const [winner, loser] of OUTWEIGHS) if (best.has(winner)) best.delete(loser)
  for (const [pattern, code] of RETRACTED) if (pattern.test(text)) best.delete(code)
  return [...best.values()].sort((a, b) => a.span[0] - b.span[0])
}

function stronger(a: DetectedIntent, b: DetectedIntent): DetectedIntent {
  const first = (b.date !== null && a.date === null) || (b.confidence > a.confidence && a.date === null) ? b : a
  return { ...first, carriers: [...new Set([...a.carriers, ...b.carriers])] }
}
