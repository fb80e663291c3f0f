import { type MappedStep, STATUSES, type Status } from './import-target.ts'

/** What had to be decided because a source's times do not tell the whole story. */
export type HistoryNote = 'TIME_UNKNOWN' | 'STEP_LEFT_OUT' | 'TIME_BEYOND_STATUS' | 'TIMES_OUT_OF_ORDER'

export interface MappedHistory {
  readonly steps: readonly MappedStep[]
  readonly notes: readonly { readonly note: HistoryNote; readonly status: Status }[]
}

/**
 * The statuses an order went through. Their order is that of an order's life, never that of the times: a source's clocks
 * disagree, its sequence does not. Times stand as the source has them. A step without a time is left out, for no past is
 * made up; the last one must stand, so its time stays unknown. A time for a status that the order has not reached is
 * left out.
 */
export function mapHistory(
  status: Status,
  times: Readonly<Partial<Record<Status, string | null>>>,
  placedAt: string
): MappedHistory {
  const steps: MappedStep[] = []
  const notes: { note: HistoryNote; status: Status }[] = []
  for (const [code, step] of STATUSES.entries()) {
    const at = times[step] ?? (step === 'AWAITING_PAYMENT' ? placedAt : null)
    if (code > STATUSES.indexOf(status)) {
      if (at !== null) notes.push({ note: 'TIME_BEYOND_STATUS', status: step })
    } else if (at !== null || step === status) {
      const before = steps.findLast(({ at }) => at !== null)?.at
      if (at === null) notes.push({ note: 'TIME_UNKNOWN', status: step })
      else if (before != null && at < before) notes.push({ note: 'TIMES_OUT_OF_ORDER', status: step })
      steps.push({ status: step, at })
    } else if (status !== 'CANCELLED') {
      // A cancelled order need not have got that far.
      notes.push({ note: 'STEP_LEFT_OUT', status: step })
    }
  }
  return { steps, notes }
}
