import type { Config } from '../config.ts'
import type { Caller } from '../engine.ts'
import { openView } from '../execute/open-view.ts'
import { loadBook, loadDirectory } from '../policies-files.ts'
import type { Secrets } from '../secrets.ts'
import { type Authenticate, authenticator, openDoor } from './authenticate.ts'
import { consumerOf } from './consumer.ts'
import { identityRules } from './rules.ts'

/** How callers get in: from outside by their token, and from within this process by their name. */
export interface Entrance {
  readonly authenticate: Authenticate
  /** A consumer of the directory, for what asks from within this process; throws when no contract grants it anything. */
  as(consumer: string): Promise<Caller>
}

/** `--open`: no identity, no contracts; everyone sees the whole graph. */
export function openEntrance(supergraphSdl: string): Entrance {
  const authenticate = openDoor(openView(supergraphSdl))
  return { authenticate, as: async () => ({ ...(await authenticate(undefined)), language: 'en', readAfter: null }) }
}

/** The doors of a company: tokens of trusted issuers, and the book of contracts compiled against the supergraph. */
export async function contractedEntrance(config: Config, secrets: Secrets, supergraphSdl: string): Promise<Entrance> {
  const directory = await loadDirectory()
  const book = await loadBook(supergraphSdl, directory, { zone: config.zone })
  const rules = await identityRules(config, secrets)
  return {
    authenticate: authenticator({ rules, consumer: consumerOf(directory), book: () => book }),
    async as(id) {
      const consumer = directory.consumers.find(known => known.id === id)
      const view = consumer && book.view(consumer.party)
      if (!consumer || !view)
        throw new Error(`no contract grants ${id} anything: add it to policies/consumers.yaml and to a contract`)
      return { consumer, view, language: 'en', readAfter: null }
    }
  }
}
