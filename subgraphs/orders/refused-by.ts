import { QueryFailedError } from 'typeorm'

/**
 * Why the database refused a row, without the row's values; null when the fault is not the row's (a lost connection, a
 * full disk): then nothing else will go in either.
 */
export function refusedBy(error: unknown): string | null {
  if (!(error instanceof QueryFailedError)) return null
  const { code, sqlState } = error.driverError as { code?: unknown; sqlState?: unknown }
  // SQLSTATE class 22 is a value that does not fit, 23 a broken constraint.
  if (typeof sqlState === 'string') return /^2[23]/.test(sqlState) ? `the database refused it (${String(code)})` : null
  if (typeof code === 'string' && /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(code))
    return `the database refused it (${code})`
  return null
}
