import type { Status } from './import-target.ts'
import type { HistoryNote } from './map-history.ts'

/** What an import had to decide for an order, so that a person can look. */
export type NoteKind = HistoryNote | 'LOCAL_TIME_SKIPPED' | 'TOTAL_UNKNOWN'

const MEANINGS: Readonly<Record<NoteKind, (status: string) => string>> = {
  TIME_UNKNOWN: status => `the source does not say when they became ${status}: that event is dated at the import`,
  STEP_LEFT_OUT: status => `the source does not say when they became ${status}: that event is left out`,
  TIME_BEYOND_STATUS: status =>
    `the source has a time for ${status}, which their status says they never reached: left out`,
  TIMES_OUT_OF_ORDER: status =>
    `the time of ${status} is before that of the step before it: kept as it is, in the order of the steps`,
  LOCAL_TIME_SKIPPED: () => 'a local time does not exist, because clocks went forward then: moved forward with them',
  TOTAL_UNKNOWN: () => 'there is nothing to tell the total from: it is left unknown'
}

export interface ReportedNote {
  readonly note: NoteKind
  readonly status: Status | null
  readonly orders: number
  readonly meaning: string
}

/** Counts orders by note. */
export class Notes {
  readonly #orders = new Map<string, { readonly note: NoteKind; readonly status: Status | null; orders: number }>()

  /** One order's notes; the same twice counts once. */
  add(notes: readonly { readonly note: NoteKind; readonly status: Status | null }[]): void {
    const distinct = new Map(notes.map(one => [`${one.note} ${one.status}`, one]))
    for (const [key, { note, status }] of distinct) {
      const counted = this.#orders.get(key) ?? { note, status, orders: 0 }
      counted.orders += 1
      this.#orders.set(key, counted)
    }
  }

  report(): readonly ReportedNote[] {
    return [...this.#orders.values()]
      .map(({ note, status, orders }) => ({ note, status, orders, meaning: MEANINGS[note](status ?? '') }))
      .sort((a, b) => b.orders - a.orders)
  }
}
