import { DateTime } from 'luxon'
import { FESTIVALS, nextFestival } from './calendar.ts'

/** A day that a text names, with its place in the text. */
export interface DateMention {
  readonly start: number
  readonly end: number
  readonly day: DateTime
  /** `within`: 三天内, `end`: 月底 — both bound from above by themselves. */
  readonly kind: 'day' | 'festival' | 'within' | 'end'
}

const WEEKDAY = '一二三四五六日'
const DIGIT: Readonly<Record<string, number>> = {
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  十: 10
}
/** After a number, these make 号 or 日 something else than a day: 3号楼, 5号馆. */
const NO_PLACE = '(?![楼馆库门栋仓线机店院地房段口码])'

/** Classes of days, which name none: 周六周日, 周一到周五. */
const CLASSES =
  /(周|星期|礼拜)六(或者|和|跟|、|或|与)?(周|星期|礼拜)?[日天]|(周|星期|礼拜)[一二三四五](到|至|[-~])(周|星期|礼拜)?[二三四五六日天]/g

type Resolve = (match: RegExpExecArray, now: DateTime) => DateTime | null

const SHAPES: readonly (readonly [RegExp, DateMention['kind'], Resolve])[] = [
  [
    /(20\d\d)[-年/.](\d{1,2})[-月/.](\d{1,2})[日号]?/g,
    'day',
    (m, now) => calendar(now, Number(m[1]), Number(m[2]), Number(m[3]))
  ],
  [/(\d{1,2})月(\d{1,2})[日号]?(?!号?楼)/g, 'day', (m, now) => monthDay(now, Number(m[1]), Number(m[2]))],
  [/(?<![\d/.-])(\d{1,2})\/(\d{1,2})(?![\d/℃])/g, 'day', (m, now) => monthDay(now, Number(m[1]), Number(m[2]))],
  [
    new RegExp(`(下个?月|这个?月|本月)?(?<![尾单编\\d一月])(\\d{1,2})[号日]${NO_PLACE}`, 'g'),
    'day',
    (m, now) => dayOfMonth(now, Number(m[2]), m[1]?.startsWith('下') ?? false)
  ],
  [/(下下|下|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天])/g, 'day', (m, now) => weekday(now, m[1] ?? '', m[2] ?? '')],
  [
    /大后天|后天|明[天日早晚儿]|今[天日晚早儿]|当天/g,
    'day',
    (m, now) => now.plus({ days: RELATIVE[m[0].slice(0, 2)] ?? (m[0] === '后天' ? 2 : 0) })
  ],
  [
    /([0-9一二两三四五六七八九十]{1,2})个?(天|日|周|星期|礼拜)(?:之|以)?内/g,
    'within',
    (m, now) => now.plus({ days: count(m[1] ?? '') * (m[2] === '天' || m[2] === '日' ? 1 : 7) })
  ],
  [
    /(下个?|本|这个)?月底|月末/g,
    'end',
    (m, now) =>
      now
        .plus({ months: m[1]?.startsWith('下') ? 1 : 0 })
        .endOf('month')
        .startOf('day')
  ],
  [/年底/g, 'end', (_, now) => now.endOf('year').startOf('day')],
  [new RegExp(FESTIVALS.join('|'), 'g'), 'festival', (m, now) => nextFestival(m[0], now)]
]
const RELATIVE: Readonly<Record<string, number>> = { 大后: 3, 后天: 2, 明天: 1, 明日: 1, 明早: 1, 明晚: 1, 明儿: 1 }

/** The days that a normalised text names, resolved against the day of the note, in order of appearance. */
export function dateMentions(text: string, today: DateTime): readonly DateMention[] {
  const found: DateMention[] = []
  const days = text.replace(CLASSES, words => '\u25a1'.repeat(words.length))
  for (const [pattern, kind, resolve] of SHAPES) {
    for (const match of days.matchAll(pattern)) {
      const end = match.index + match[0].length
      if (found.some(other => match.index < other.end && end > other.start)) continue
      const day = resolve(match, today)
      if (day) found.push({ start: match.index, end, day, kind })
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

function calendar(now: DateTime, year: number, month: number, day: number): DateTime | null {
  const date = DateTime.fromObject({ year, month, day }, { zone: now.zone })
  return date.isValid ? date : null
}

/** A month and day is the nearest one: one that lies more than half a year back belongs to the next year. */
function monthDay(now: DateTime, month: number, day: number): DateTime | null {
  const date = calendar(now, now.year, month, day)
  if (!date) return null
  return now.diff(date, 'days').days > 180 ? calendar(now, now.year + 1, month, day) : date
}

function dayOfMonth(now: DateTime, day: number, next: boolean): DateTime | null {
  const month = next || day < now.day ? now.startOf('month').plus({ months: 1 }) : now
  return calendar(now, month.year, month.month, day)
}

function weekday(now: DateTime, prefix: string, name: string): DateTime {
  const target = name === '天' ? 7 : WEEKDAY.indexOf(name) + 1
  if (prefix === '下' || prefix === '下下') {
    return now.startOf('week').plus({ weeks: prefix.length, days: target - 1 })
  }
  return now.plus({ days: (target - now.weekday + 7) % 7 })
}

function count(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  if (text.length === 2 && text.startsWith('十')) return 10 + (DIGIT[text.charAt(1)] ?? 0)
  return DIGIT[text.charAt(0)] ?? 0
}
