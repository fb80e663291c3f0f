import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/database.ts'
import type { Outbox } from '../../platform/outbox/outbox.ts'

/** What the room's use cases work with. */
export interface OrdersDeps {
  readonly database: Database
  readonly outbox: Outbox
  readonly clock: Clock
}
