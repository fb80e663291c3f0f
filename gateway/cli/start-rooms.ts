import { createLogger } from '../../platform/logger.ts'
import { Opened } from '../../platform/opened.ts'
import { openLog, type StartedRooms, startRoom } from '../company.ts'
import type { Config } from '../config.ts'

/** The rooms that an import writes to; `flush` waits until what was written is in the log. */
export interface ImportRooms extends AsyncDisposable {
  readonly orders: StartedRooms['orders']
  readonly suppliers: StartedRooms['suppliers']
}

/** Starts orders and suppliers beside whatever else runs on the same databases. */
export async function startRoomsForImport(config: Config): Promise<ImportRooms> {
  const opened = new Opened()
  const logger = createLogger(config.logLevel)
  const router = { query: () => Promise.reject(new Error('an import asks no other room')) }
  try {
    const log = await openLog(config, opened)
    const orders = opened.use(await startRoom('orders', { config, log, logger, router }))
    const suppliers = opened.use(await startRoom('suppliers', { config, log, logger, router }))
    return { orders, suppliers, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
  } catch (failure) {
    await opened[Symbol.asyncDispose]()
    throw failure
  }
}
