import { IdempotencyRow } from '../idempotency/idempotency-row.ts'
import { OrderShadow, OrderShadowSupplier } from '../scope/order-shadow.ts'
import type { DatabaseOptions } from './database.ts'
import { RoomTables1790000000000 } from './migrations/room-tables.ts'

/** Entities that every room adds to its own. The outbox and the reader write their tables in plain SQL. */
export const ROOM_ENTITIES: DatabaseOptions['entities'] = [OrderShadow, OrderShadowSupplier, IdempotencyRow]

/** Migrations that every room puts before its own. */
export const ROOM_MIGRATIONS: DatabaseOptions['migrations'] = [RoomTables1790000000000]
