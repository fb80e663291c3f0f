import type { LogEvent } from '../../platform/log/log.ts'
import type { RoutedLine } from './routed-order.ts'

/** What routing reads of order.submitted. */
export interface SubmittedOrder {
  readonly lines: readonly RoutedLine[]
  readonly placedAt: string
  readonly hasNote: boolean
  readonly promisedTo: string | null
  readonly backfill: boolean
}

/** Reads another room's fact; throws when it does not say what was agreed, so that the reader parks it in sight. */
export function submittedOrder({ data, at }: LogEvent): SubmittedOrder {
  const { lines, placedAt, hasNote, promisedTo, backfill } = data
  if (!Array.isArray(lines)) throw new Error('order.submitted has no lines')
  return {
    lines: lines.map(routedLine),
    placedAt: typeof placedAt === 'string' ? placedAt : at,
    hasNote: hasNote === true,
    promisedTo: typeof promisedTo === 'string' ? promisedTo : null,
    backfill: backfill === true
  }
}

function routedLine(line: unknown): RoutedLine {
  const { lineId, sku, quantity, supplierId } = line as Readonly<Record<string, unknown>>
  if (typeof lineId !== 'string' || typeof sku !== 'string' || typeof quantity !== 'number') {
    throw new Error('a line of order.submitted has no lineId, sku or quantity')
  }
  return { lineId, sku, quantity, supplierId: typeof supplierId === 'string' ? supplierId : null }
}
