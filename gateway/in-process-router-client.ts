import type { RouterClient } from '../platform/router-client/router-client.ts'
import type { Caller, Engine } from './engine.ts'

/** Asks the router from within its own process, as one caller; refused answers throw with their first message. */
export function inProcessRouterClient(engine: Promise<Engine>, caller: () => Promise<Caller>): RouterClient {
  return {
    async query<Data>(document: string, variables: Readonly<Record<string, unknown>>): Promise<Data> {
      const router = await engine
      const as = await caller()
      const { data, errors } = await router.execute(router.prepare({ query: document, variables }, as), as)
      if (errors?.length) throw new Error(`the router refused a room's query: ${errors[0]?.message}`)
      return data as Data
    }
  }
}
