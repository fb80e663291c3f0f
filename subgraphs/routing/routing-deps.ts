import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/database.ts'
import type { Outbox } from '../../platform/outbox/outbox.ts'
import type { RouterClient } from '../../platform/router-client/router-client.ts'
import type { IntentModel } from './intents/intent-model.ts'

/** Made things that this room's use cases work with. */
export interface RoutingDeps {
  readonly database: Database
  readonly outbox: Outbox
  readonly clock: Clock
  readonly router: RouterClient
  readonly model: IntentModel
  /** The company's time zone (IANA). */
  readonly zone: string
}
