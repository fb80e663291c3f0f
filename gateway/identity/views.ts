import type { Consumer } from '../../policies/consumer.ts'
import type { Book, View } from '../../policies/view.ts'
import { type AuthorizedViews, authorizedViews } from '../authorize/authorized-view.ts'
import { ANONYMOUS, type Grants, grantsOf } from '../authorize/grants.ts'
import type { AccessRules } from '../authorize/rules.ts'
import { ConfigError } from '../config.ts'
import { openView } from '../execute/open-view.ts'
import type { Settings } from '../settings.ts'
import type { Identity } from './jwt.ts'

/** Who sees what of one supergraph. */
export interface Views {
  /** What a consumer sees; null when nothing is granted to it. Without an identity it asks from within this process. */
  view(consumer: Consumer, identity: Identity | null): View | null
  /** What a caller without a token sees; null when there is no such caller. */
  readonly stranger: View | null
}

/** `--open`: everyone sees the whole graph. Throws ConfigError when the graph has rules, which nobody could meet. */
export function openViews(supergraphSdl: string, rules: AccessRules | null, view = openView(supergraphSdl)): Views {
  if (rules)
    throw new ConfigError(
      'the supergraph has access rules (@authenticated, @requiresScopes or @policy), which --open cannot keep: name an identity provider with JWKS_URL, JWT_ISSUER and JWT_AUDIENCE instead'
    )
  return { view: () => view, stranger: view }
}

/**
 * A graph that knows nothing of contracts: whoever proves who they are sees all that its own rules let them see. Where there
 * are rules, they say as well what a caller without a token sees.
 */
export function foreignViews(
  supergraphSdl: string,
  rules: AccessRules | null,
  settings: Settings['authorization'],
  view = openView(supergraphSdl)
): Views {
  if (!rules) return { view: () => view, stranger: null }
  const narrowed = authorizedViews(rules, view, settings)
  const grants = grantsBy(settings)
  return {
    view: (_, identity) => narrowed.view(grants(identity)),
    get stranger() {
      return narrowed.view(ANONYMOUS)
    }
  }
}

/** A graph under the book of contracts. Where it has rules of its own, a caller has to be let in by both. */
export function contractViews(book: Book, rules: AccessRules | null, settings: Settings['authorization']): Views {
  if (!rules) return { view: ({ party }) => book.view(party), stranger: null }
  const narrowed = new WeakMap<View, AuthorizedViews>()
  const grants = grantsBy(settings)
  return {
    view({ party }, identity) {
      const granted = book.view(party)
      if (!granted) return null
      const views = narrowed.get(granted) ?? authorizedViews(rules, granted, settings)
      narrowed.set(granted, views)
      return views.view(grants(identity))
    },
    stranger: null
  }
}

/** Who asks from within this process has been let in, and has no scope or policy of anyone’s. */
const INSIDE: Grants = { ...ANONYMOUS, authenticated: true }

/** A token’s claims are read once. */
function grantsBy(settings: Settings['authorization']): (identity: Identity | null) => Grants {
  const known = new WeakMap<Identity, Grants>()
  return identity => {
    if (!identity) return INSIDE
    const grants = known.get(identity) ?? grantsOf(identity.payload, settings)
    known.set(identity, grants)
    return grants
  }
}
