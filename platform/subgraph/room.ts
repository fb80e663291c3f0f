import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Database, DatabaseOptions } from '../database/database.ts'
import type { SubscriptionField } from '../log/catalogue.ts'
import type { Log } from '../log/log.ts'
import type { RouterClient } from '../router-client/router-client.ts'
import type { Subgraph } from './subgraph.ts'

/** Made things that a room gets from the composition root; it never makes or looks them up. */
export interface RoomDeps {
  openDatabase(options: Pick<DatabaseOptions, 'name' | 'entities' | 'migrations'>): Promise<Database>
  readonly log: Log
  /** Asks the router as this room. */
  readonly router: RouterClient
  readonly clock: Clock
  /** The company's time zone (IANA), for day masks, statistics and slots. */
  readonly zone: string
  readonly logger: Logger
}

/** The public face of a subgraph: `subgraphs/<name>/subgraph.ts` exports one. */
export interface Room<Started extends Subgraph = Subgraph> {
  readonly name: string
  /** The subgraph's SDL; needs no database. */
  sdl(): Promise<string>
  /** Subscription fields that this room's events feed. */
  readonly subscriptions: readonly SubscriptionField[]
  start(deps: RoomDeps): Promise<Started>
}
