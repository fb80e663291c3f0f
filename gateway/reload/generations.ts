import type { Logger } from 'pino'
import type { View } from '../../policies/view.ts'
import type { Engine } from '../engine.ts'
import type { Views } from '../identity/views.ts'

/** One supergraph as it is served: its engine, and who sees what of it. Disposed of when its last request has ended. */
export interface Generation extends AsyncDisposable {
  readonly supergraphSdl: string
  readonly engine: Engine
  readonly views: Views
}

/** The supergraph that is served, and those before it that still have requests to finish. */
export interface Generations extends AsyncDisposable {
  /** Runs every request on the generation whose view its caller has. */
  readonly engine: Engine
  /** The views of the newest generation. */
  views(): Views
  /**
   * Serves another supergraph from now on; the same text changes nothing. When it cannot be built the one before stays,
   * and the promise is rejected with the reason.
   */
  replace(supergraphSdl: string): Promise<'replaced' | 'unchanged'>
}

export interface GenerationsOptions {
  readonly first: Generation
  readonly build: (supergraphSdl: string) => Promise<Generation>
  /** How long a caller that was let in may take to send its request, in milliseconds: so long an old generation is kept. */
  readonly keepMs: number
  readonly logger: Pick<Logger, 'warn'>
}

interface Held {
  readonly generation: Generation
  /** Requests on their way, and the time in which more may come. */
  users: number
  readonly views: Views
}

/** Starts with one generation, which is disposed of with the rest. */
export function createGenerations({ first, build, keepMs, logger }: GenerationsOptions): Generations {
  const holderOf = new WeakMap<View, Held>()
  const old = new Set<Held>()
  let closed = false
  let current = hold(first)
  let building: Promise<unknown> = Promise.resolve()

  function hold(generation: Generation): Held {
    const noted = (view: View | null) => {
      if (view) holderOf.set(view, held)
      return view
    }
    const held: Held = {
      generation,
      users: 1,
      views: {
        view: (consumer, identity) => noted(generation.views.view(consumer, identity)),
        get stranger() {
          return noted(generation.views.stranger)
        }
      }
    }
    return held
  }

  const leave = (held: Held): void => {
    held.users--
    if (held.users > 0) return
    old.delete(held)
    Promise.resolve(held.generation[Symbol.asyncDispose]()).catch((err: unknown) => {
      logger.warn({ err }, 'a supergraph that is no longer served did not close')
    })
  }

  const retire = (held: Held): void => {
    old.add(held)
    setTimeout(() => leave(held), keepMs).unref()
  }

  const holder = (view: View): Held => holderOf.get(view) ?? current

  const using = async <T>(view: View, run: (engine: Engine) => Promise<T>): Promise<T> => {
    const held = holder(view)
    held.users++
    try {
      return await run(held.generation.engine)
    } finally {
      leave(held)
    }
  }

  const replace = async (supergraphSdl: string): Promise<'replaced' | 'unchanged'> => {
    if (closed || supergraphSdl === current.generation.supergraphSdl) return 'unchanged'
    const next = await build(supergraphSdl)
    if (closed) {
      await next[Symbol.asyncDispose]()
      return 'unchanged'
    }
    retire(current)
    current = hold(next)
    return 'replaced'
  }

  return {
    engine: {
      prepare: (request, caller) => holder(caller.view).generation.engine.prepare(request, caller),
      execute: (prepared, caller, signal) =>
        using(prepared.document.view, engine => engine.execute(prepared, caller, signal)),
      checkTogether(operations) {
        const [first] = operations
        if (first) holder(first.document.view).generation.engine.checkTogether(operations)
      },
      renew: (prepared, caller) => holder(caller.view).generation.engine.renew(prepared, caller),
      source: (prepared, caller) => using(prepared.document.view, engine => engine.source(prepared, caller)),
      deliver: (prepared, caller, event, signal) =>
        using(prepared.document.view, engine => engine.deliver(prepared, caller, event, signal)),
      [Symbol.asyncDispose]: async () => {}
    },
    views: () => current.views,
    replace(supergraphSdl) {
      const replaced = building.then(() => replace(supergraphSdl))
      building = replaced.catch(() => {})
      return replaced
    },
    async [Symbol.asyncDispose]() {
      closed = true
      await building
      const open = [current, ...old]
      old.clear()
      await Promise.all(open.map(({ generation }) => generation[Symbol.asyncDispose]()))
    }
  }
}
