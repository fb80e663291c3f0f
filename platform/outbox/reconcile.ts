import type { Logger } from 'pino'
import type { Database } from '../database/database.ts'
import type { Log } from '../log/log.ts'

/**
 * Compares what was sent with what the log has. A log that is shorter than a position it gave has lost its end; one of
 * another epoch may have lost anything. Those rows are sent again, and the log skips what it has. Rows whose events the
 * log has trimmed have done their service and are removed.
 */
export async function reconcile(database: Database, log: Log, logger: Logger): Promise<void> {
  const head = await log.head()
  const trimmed = await log.trimmed()
  await database.transaction(async manager => {
    if (trimmed > 0) await manager.query('DELETE FROM outbox WHERE position <= ?', [trimmed])
    const [last]: { epoch: string; position: number | string }[] = await manager.query(
      'SELECT epoch, position FROM outbox WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1'
    )
    if (!last) return
    if (last.epoch !== log.epoch) {
      await manager.query('UPDATE outbox SET position = NULL')
    } else if (Number(last.position) > head) {
      await manager.query('UPDATE outbox SET position = NULL WHERE position > ?', [head])
    } else return
    logger.warn(
      { last: last.position, head },
      'the log is not the one that these facts were sent to; sending them again'
    )
  })
}
