import { DateTime } from 'luxon'
import { instant } from '../../platform/clock.ts'
import { IntentCode } from './intents/intent-model.ts'
import { DELIVERY_HOURS, laneDays, PROCESSING } from './lane-times.ts'

export interface PromiseInput {
  /** When the order could be worked on, ISO UTC. */
  readonly paidAt: string
  /** IANA zone of days and hours. */
  readonly zone: string
  /** Where the customer is. */
  readonly region: string | null
  /** Nodes that send a part; with none, a warehouse that is not known. */
  readonly origins: readonly { readonly kind: 'WAREHOUSE' | 'STORE'; readonly region: string | null }[]
  readonly wishes: readonly { readonly code: IntentCode; readonly date: string | null }[]
  /** ISO day on which what was short is produced; null when nothing is short. */
  readonly production: { readonly day: string; readonly estimated: boolean } | null
}

export interface PromisedWindow {
  readonly promisedFrom: string
  readonly promisedTo: string
  readonly basis: readonly string[]
}

interface Days {
  readonly first: DateTime
  readonly last: DateTime
}

const SOMEWHERE = [{ kind: 'WAREHOUSE', region: null }] as const

/** Processing, then the lane, then the customer's wishes: they may move a day back, never forward. */
export function computePromise(input: PromiseInput): PromisedWindow {
  const origins = input.origins.length > 0 ? input.origins : SOMEWHERE
  const arrivals = origins.map(({ kind, region }) => {
    const [earliest, latest] = laneDays(region, input.region)
    const handed = handover(input, kind)
    return { first: handed.plus({ days: earliest }), last: handed.plus({ days: latest }) }
  })
  // The whole order is promised: it is there when its last part is.
  const possible = { first: latestOf(arrivals.map(a => a.first)), last: latestOf(arrivals.map(a => a.last)) }
  const { days, kept } = wished(possible, input)
  const late = origins.some(
    ({ kind }) => DateTime.fromISO(input.paidAt, { zone: input.zone }).hour >= PROCESSING[kind].cutOffHour
  )
  return {
    promisedFrom: instant(days.first.set({ hour: DELIVERY_HOURS.first }).toMillis()),
    promisedTo: instant(days.last.set({ hour: DELIVERY_HOURS.last }).toMillis()),
    basis: [
      ...(late ? ['cut-off'] : []),
      'processing',
      'lane',
      ...(input.production ? [input.production.estimated ? 'production-estimate' : 'production'] : []),
      // What was wished is the note's, and stays out: only whether the promise keeps it.
      ...(kept === null ? [] : [kept ? 'wish-kept' : 'wish-missed'])
    ]
  }
}

function handover({ paidAt, zone, production }: PromiseInput, kind: 'WAREHOUSE' | 'STORE'): DateTime {
  const paid = DateTime.fromISO(paidAt, { zone })
  const { cutOffHour, days } = PROCESSING[kind]
  const workedOn = paid.startOf('day').plus({ days: paid.hour >= cutOffHour ? 1 : 0 })
  const produced = production ? DateTime.fromISO(production.day, { zone }).plus({ days: 1 }) : workedOn
  return latestOf([produced, workedOn]).plus({ days })
}

function wished(
  possible: Days,
  { wishes, zone }: PromiseInput
): { readonly days: Days; readonly kept: boolean | null } {
  let { first, last } = possible
  let kept: boolean | null = null
  const said = (keeps: boolean): void => {
    kept = kept !== false && keeps
  }
  for (const { code, date } of wishes) {
    const day = date === null ? null : DateTime.fromISO(date, { zone })
    if (day && code === IntentCode.DELIVER_AFTER) {
      if (first < day) [first, last] = [day, latestOf([last, day])]
      said(true)
    }
    if (day && code === IntentCode.DELIVER_ON) {
      said(day >= first)
      if (day >= first) [first, last] = [day, day]
    }
  }
  for (const { code } of wishes) {
    if (code !== IntentCode.AVOID_WEEKEND && code !== IntentCode.WEEKEND_ONLY) continue
    const allowed = (day: DateTime): boolean => day.weekday >= 6 === (code === IntentCode.WEEKEND_ONLY)
    ;[first, last] = [onward(first, allowed), onward(last, allowed)]
    said(true)
  }
  for (const { code, date } of wishes) {
    if (code === IntentCode.DELIVER_BY && date !== null) said(last <= DateTime.fromISO(date, { zone }))
  }
  return { days: { first, last }, kept }
}

function onward(day: DateTime, allowed: (day: DateTime) => boolean): DateTime {
  let next = day
  while (!allowed(next)) next = next.plus({ days: 1 })
  return next
}

function latestOf(days: readonly DateTime[]): DateTime {
  return DateTime.max(...days) as DateTime
}
