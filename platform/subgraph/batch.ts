import type { Context } from './subgraph.ts'

/** Finds many at once; what is missing from the answer is null. */
type Load<Value> = (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>

interface Batch {
  readonly ids: Set<string>
  readonly loaded: Promise<ReadonlyMap<string, unknown>>
}

const open = new WeakMap<Context, Map<string, Batch>>()

/**
 * Gathers the ids that one request asks for in the same tick and loads them together. Nothing is kept after the load:
 * a mutation reads again what it changed. `key` names the loader within the request; calls with one key must load alike.
 */
export function batched<Value>(
  context: Context,
  key: string,
  load: Load<Value>
): (id: string) => Promise<Value | null> {
  return async id => {
    const batch = join(context, key, load)
    batch.ids.add(id)
    return ((await batch.loaded) as ReadonlyMap<string, Value>).get(id) ?? null
  }
}

function join<Value>(context: Context, key: string, load: Load<Value>): Batch {
  const batches = open.get(context) ?? new Map<string, Batch>()
  open.set(context, batches)
  const gathering = batches.get(key)
  if (gathering) return gathering
  const ids = new Set<string>()
  const loaded = afterThisTick().then(() => {
    batches.delete(key)
    return load([...ids])
  })
  const batch = { ids, loaded }
  batches.set(key, batch)
  return batch
}

/** Resolvers reach their loader some promises apart: wait until none of them is left to run. */
function afterThisTick(): Promise<void> {
  return new Promise(resolve => {
    void Promise.resolve().then(() => process.nextTick(resolve))
  })
}
