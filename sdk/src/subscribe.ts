import { backoff, sleep } from './backoff.ts'
import type { Connection, Received } from './connection.ts'
import { type CursorStore, memoryCursorStore } from './cursor-store.ts'
import { errorsOf, type GraphQLErrorData, OaasError } from './error.ts'
import { refusal, tokenRefused } from './refusal.ts'
import { Seen } from './seen.ts'

export interface SubscribeOptions {
  /** Where the place is kept between runs; default: in memory. What it holds goes before `variables.after`. */
  readonly cursor?: CursorStore
  /** Ends the iteration without an error. */
  readonly signal?: AbortSignal
  /** Called each time the stream is cut and will be resumed, with the cause. */
  readonly onInterrupt?: (cause: unknown) => void
  /** Milliseconds before reconnect number `attempt` (from 1); default: doubling from a quarter second to half a minute, jittered. */
  readonly backoff?: (attempt: number) => number
}

/** One event as the caller may see it. */
export interface Delivery<Data> {
  /** Null when it could not be answered: see `errors`. */
  readonly data: Data | null
  /** The place of this event; resuming after it gives what comes next. */
  readonly cursor: string
  /** The cursor of the event before it in the same stream: unequal to yours, when something was lost. */
  readonly prev: string | null
  readonly errors: readonly GraphQLErrorData[]
}

export interface SubscribeRequest {
  readonly connection: Connection
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  /** Whether a refused token can be followed by another one. */
  readonly renewable: boolean
  readonly signal: AbortSignal
  readonly options: SubscribeOptions
}

/** A connection that lived this long was a good one: waiting starts from the beginning again. */
const GOOD_MS = 10_000

/**
 * Events for ever: every cut is followed by a reconnect after the last event, duplicates are dropped, and only a refusal
 * that would come again (CURSOR_EXPIRED, a view without the field, …) ends it, as an OaasError.
 */
export async function* deliveries<Data>(request: SubscribeRequest): AsyncGenerator<Delivery<Data>, void> {
  const { connection, signal, options } = request
  const store = options.cursor ?? memoryCursorStore()
  const seen = new Seen()
  let cursor = (await store.load()) ?? textOf(request.variables['after'])
  let failures = 0
  let refusedBefore = false
  let saved: Promise<void> | undefined
  while (!signal.aborted) {
    const startedAt = Date.now()
    let cause: unknown
    const incoming = connection.subscribe(subscription(), signal)
    try {
      for (;;) {
        const taken = await incoming.take()
        const delivery = 'item' in taken ? deliveryOf<Data>(taken.item) : taken
        if ('cause' in delivery) {
          cause = delivery.cause
          break
        }
        failures = 0
        refusedBefore = false
        if (!seen.add(eventId(delivery.data) ?? delivery.cursor)) continue
        yield delivery
        cursor = delivery.cursor
        await saved
        await store.save(cursor)
      }
    } finally {
      incoming.leave()
    }
    if (signal.aborted) return
    if (Date.now() - startedAt > GOOD_MS) {
      failures = 0
      refusedBefore = false
    }
    const refused = refusal(cause)
    if (refused) {
      if (!(tokenRefused(cause) && request.renewable) || refusedBefore) throw refused
      refusedBefore = true
    }
    options.onInterrupt?.(cause)
    failures++
    await sleep((options.backoff ?? backoff)(failures), signal)
  }

  /** The variables are made when the message is written: after the acknowledgement, and again at every reconnect. */
  function subscription() {
    const toJSON = () => {
      const after = cursor
      if (cursor === null && connection.token !== null) {
        // Before the first event, the acknowledgement's token is the place to come back to.
        cursor = connection.token
        saved = store.save(cursor)
        saved.catch(() => {}) // a store that fails is met at the first event, where it can be thrown
      }
      return after === null ? request.variables : { ...request.variables, after }
    }
    return { query: request.query, variables: { toJSON } }
  }
}

/** An answer without a cursor is no event: it says why there are none. */
function deliveryOf<Data>({ data, errors, extensions }: Received): Delivery<Data> | { readonly cause: OaasError } {
  const cursor = textOf(extensions?.['cursor'])
  const found = errorsOf(errors)
  if (cursor === null) return { cause: OaasError.from(found, null) }
  return { data: (data ?? null) as Data | null, cursor, prev: textOf(extensions?.['prev']), errors: found }
}

/** The id of the event, when the selection has it; every subscription has one root field. */
function eventId(data: unknown): string | null {
  const event: unknown = Object.values(data ?? {})[0]
  return typeof event === 'object' && event !== null && 'id' in event ? textOf(event.id) : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
