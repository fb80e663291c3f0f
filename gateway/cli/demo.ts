import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { loadDemoCompany } from '../../demo/load.ts'
import type { Config } from '../config.ts'
import type { Gateway } from '../gateway.ts'

const DAY_MS = 86_400_000

/**
 * Loads the demo company into an empty gateway, and goes on with a load that was interrupted. A gateway that holds other
 * orders is left as it is.
 */
export async function loadDemo(gateway: Gateway, config: Config): Promise<void> {
  const { orders, suppliers, routing, health } = gateway.rooms
  if (!orders || !suppliers || !routing || !health) return
  const file = join(config.dataDir, 'demo.json')
  const begun = await readFile(file, 'utf8').then(
    text => JSON.parse(text) as { anchor: number; done: boolean },
    () => null
  )
  if (begun?.done) return
  const ask = await asOperator(gateway)
  if (!begun) {
    const { orders: known } = await ask<{ orders: { totalCount: number } }>('{ orders(first: 1) { totalCount } }')
    if (known.totalCount > 0) return
  }
  // The end of the demo's past is the day of its first load, so that "the last 24 hours" hold something.
  const anchor = begun?.anchor ?? Math.floor(Date.now() / DAY_MS) * DAY_MS
  await writeFile(file, JSON.stringify({ anchor, done: false }))
  const progress = (text: string) => console.error(`loading the demo company: ${text}`)
  await loadDemoCompany({ orders, suppliers, routing, health, ask, progress, settle: () => settle(gateway) }, anchor)
  await writeFile(file, JSON.stringify({ anchor, done: true }))
}

async function asOperator({ engine, as }: Gateway) {
  const caller = await as('operator')
  return async <Data>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> => {
    const { data, errors } = await engine.execute(engine.prepare({ query, variables }, caller), caller)
    if (errors?.length) throw new Error(`the demo cannot be loaded: ${errors[0]?.message}`)
    return data as Data
  }
}

const QUIET_MS = 100

/** Until every room has read the log to its end, and nothing that it heard made it speak again. */
async function settle({ log, rooms }: Gateway): Promise<void> {
  if (!log) return
  for (let quietAt = -1; ; ) {
    const head = await log.head()
    const applied = await Promise.all(Object.values(rooms).map(room => room.applied(head)))
    if (applied.every(Boolean) && head === quietAt) return
    quietAt = applied.every(Boolean) ? head : -1
    await delay(QUIET_MS)
  }
}
