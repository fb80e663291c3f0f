import type { Logger } from 'pino'
import type { Executor } from '../platform/executor/executor.ts'
import { httpExecutor } from '../platform/executor/http.ts'
import { inProcessExecutor } from '../platform/executor/in-process.ts'
import type { ExecutorWatch, RobustOptions } from '../platform/executor/robust.ts'
import { subscribeOver, withSubscriptions } from '../platform/executor/subscribe/subscribe-over.ts'
import type { Writes } from '../platform/executor/writes.ts'
import type { Subgraph } from '../platform/subgraph/subgraph.ts'
import { ConfigError } from './config.ts'
import { subgraphUrls } from './plan/subgraph-urls.ts'
import type { SharedExecutors } from './reload/shared-executors.ts'
import { type Settings, type SubgraphSettings, subgraphSettings } from './settings.ts'

export interface ChooseExecutorsOptions {
  readonly settings: Settings
  readonly logger: Logger
  /** Subgraphs of this process, by name. */
  readonly rooms: Readonly<Record<string, Subgraph | undefined>>
  /** Signs what subgraphs over HTTP are asked; null asks them as anyone would. */
  readonly secret: string | null
  /** A subgraph that nobody is asked for: the gateway itself answers for it. */
  readonly virtual: string | null
  readonly shared: SharedExecutors
  /** How a subgraph is asked in a way of its own; null for every other. */
  readonly own?: (subgraph: string, url: string) => Executor | null
  /** What was written through any of them. */
  readonly writes: Writes
  /** Told of what happens between gateway and subgraph. */
  readonly watch?: (subgraph: string) => ExecutorWatch
  readonly wrap: (subgraph: string, executor: Executor) => Executor
}

export interface ChosenExecutors extends AsyncDisposable {
  readonly executors: Readonly<Record<string, Executor>>
}

/** Throws ConfigError when the settings are about a subgraph that is not there: they would do nothing, and nobody would know. */
export function refuseStrays({ subgraphs }: Settings, supergraphSdl: string): void {
  const names = [...subgraphUrls(supergraphSdl).keys()]
  const stray = Object.keys(subgraphs).find(name => name !== '*' && !names.includes(name))
  if (stray !== undefined)
    throw new ConfigError(`the settings name the subgraph "${stray}", which is not there: use ${names.join(', ')} or *`)
}

/**
 * How each subgraph of a supergraph is asked: a room of this process directly, every other by its URL. Throws ConfigError when
 * there is no subgraph, or one that cannot be reached so.
 */
export function chooseExecutors(urls: ReadonlyMap<string, string>, options: ChooseExecutorsOptions): ChosenExecutors {
  const { settings, logger, rooms, secret, shared, wrap, writes } = options
  const made = new Map<string, { readonly key: string; readonly make: () => Executor }>()
  if (urls.size === 0) throw new ConfigError('this is no supergraph: no subgraph is named in it (join__Graph)')
  for (const [name, composed] of urls) {
    const room = Object.hasOwn(rooms, name) ? rooms[name] : undefined
    const asked = subgraphSettings(settings, name)
    const url = asked.url ?? composed
    const own = options.own?.(name, url)
    // Only of a new executor: one that stays has its watch, and a breaker that stands where it stood.
    const watched = () => options.watch?.(name) ?? {}
    if (own) made.set(name, { key: `own ${name} ${url}`, make: () => own })
    else if (room) {
      const { timeoutMs, dedupe } = asked
      const make = () => inProcessExecutor(room, { logger, timeoutMs, dedupe, writes, watch: watched() })
      made.set(name, { key: `room ${name}`, make })
    } else if (/^https?:/.test(url) && URL.canParse(url))
      made.set(name, {
        key: JSON.stringify([name, url, asked]),
        make: () => overNetwork({ url, secret, subgraph: name }, asked, { writes, watch: watched() })
      })
    else if (name !== options.virtual)
      throw new ConfigError(
        `subgraph ${name} has the URL "${url}" in the supergraph: use http: or https:, or set its url in the settings file`
      )
  }
  const executors: Record<string, Executor> = Object.create(null)
  const taken: string[] = []
  const release = async () => {
    for (const key of taken.splice(0)) await shared.release(key)
  }
  try {
    for (const [name, { key, make }] of made) {
      executors[name] = shared.take(key, () => wrap(name, make()))
      taken.push(key)
    }
  } catch (failure) {
    void release()
    throw failure
  }
  return { executors, [Symbol.asyncDispose]: release }
}

/** A subgraph over HTTP, with its own subscriptions if it has any. */
function overNetwork(
  about: { readonly url: string; readonly secret: string | null; readonly subgraph: string },
  settings: SubgraphSettings,
  shared: Required<Pick<RobustOptions, 'writes' | 'watch'>>
): Executor {
  const { subscriptions, timeoutMs, connectTimeoutMs, maxResponseBytes, forwardHeaders } = settings
  const executor = httpExecutor({ ...settings, ...about, ...shared })
  const subscriber = subscribeOver(subscriptions.protocol, {
    ...about,
    url: subscriptions.url ?? about.url,
    timeoutMs,
    connectTimeoutMs,
    silenceMs: subscriptions.silenceMs,
    eventBytes: maxResponseBytes,
    forwardHeaders
  })
  return withSubscriptions(executor, subscriber)
}
