import { DateTime } from 'luxon'

/** Festivals of the Chinese lunar calendar: [month, day]. */
const LUNAR: Readonly<Record<string, readonly [number, number]>> = {
  春节: [1, 1],
  大年初一: [1, 1],
  初一: [1, 1],
  过年: [1, 1],
  过完年: [1, 1],
  元宵: [1, 15],
  端午: [5, 5],
  七夕: [7, 7],
  中元: [7, 15],
  中秋: [8, 15],
  重阳: [9, 9],
  腊八: [12, 8],
  小年: [12, 23]
}
/** Festivals of the solar calendar: [month, day]. */
const SOLAR: Readonly<Record<string, readonly [number, number]>> = {
  元旦: [1, 1],
  情人节: [2, 14],
  妇女节: [3, 8],
  三八: [3, 8],
  植树节: [3, 12],
  清明: [4, 5],
  五一: [5, 1],
  劳动节: [5, 1],
  五四: [5, 4],
  六一: [6, 1],
  儿童节: [6, 1],
  教师节: [9, 10],
  国庆: [10, 1],
  十一: [10, 1],
  万圣节: [10, 31],
  双十一: [11, 11],
  双11: [11, 11],
  双十二: [12, 12],
  平安夜: [12, 24],
  圣诞: [12, 25],
  元旦节: [1, 1]
}
/** Festivals on the nth weekday of a month: [month, weekday 1–7, nth]. */
const NTH: Readonly<Record<string, readonly [number, number, number]>> = {
  母亲节: [5, 7, 2],
  父亲节: [6, 7, 3],
  感恩节: [11, 4, 4]
}

/** Every festival that `nextFestival` knows, the longer names first so that 双十一 is not read as 十一. */
export const FESTIVALS: readonly string[] = [
  '除夕',
  ...Object.keys(LUNAR),
  ...Object.keys(SOLAR),
  ...Object.keys(NTH)
].sort((a, b) => b.length - a.length)

const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'UTC', month: 'numeric', day: 'numeric' })

/** The festival's first day on or after `from`; null for a name that is no festival. */
export function nextFestival(name: string, from: DateTime): DateTime | null {
  const solar = SOLAR[name]
  if (solar) return onOrAfter(from, year => from.set({ year, month: solar[0], day: solar[1] }))
  const nth = NTH[name]
  if (nth) return onOrAfter(from, year => nthWeekday(from.set({ year, month: nth[0], day: 1 }), nth[1], nth[2]))
  if (name === '除夕') return nextFestival('春节', from.plus({ days: 1 }))?.minus({ days: 1 }) ?? null
  const [month, day] = LUNAR[name] ?? [0, 0]
  for (let i = 0; month > 0 && i < 400; i++) {
    const candidate = from.plus({ days: i })
    if (lunarDay(candidate) === `${month}/${day}`) return candidate
  }
  return null
}

function onOrAfter(from: DateTime, inYear: (year: number) => DateTime): DateTime {
  const here = inYear(from.year)
  return here < from ? inYear(from.year + 1) : here
}

function nthWeekday(first: DateTime, weekday: number, nth: number): DateTime {
  return first.plus({ days: ((weekday - first.weekday + 7) % 7) + 7 * (nth - 1) })
}

/**
 * ICU puts two new moons that fall within minutes of midnight in Beijing on the wrong day: [from, to, days to ask ICU
 * for besides]. The rest of 2020 to 2049 agrees with the published calendar.
 */
const MISPLACED: readonly (readonly [string, string, number])[] = [
  ['2027-02-06', '2027-03-06', 1],
  ['2030-02-02', '2030-03-03', -1]
]

/** `month/day` of the lunar calendar; a leap month reads `4bis/…` and is no festival's. */
function lunarDay(day: DateTime): string {
  const iso = day.toISODate() ?? ''
  const shift = MISPLACED.find(([from, to]) => iso >= from && iso <= to)?.[2] ?? 0
  const parts = lunar.formatToParts(Date.UTC(day.year, day.month - 1, day.day + shift, 12))
  return `${parts.find(p => p.type === 'month')?.value}/${parts.find(p => p.type === 'day')?.value}`
}
