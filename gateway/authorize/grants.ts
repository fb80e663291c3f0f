import type { Literal } from './requirement.ts'

/** What a caller has been given, as far as Federation's own rules ask for it. */
export interface Grants {
  readonly authenticated: boolean
  readonly scopes: ReadonlySet<string>
  readonly policies: ReadonlySet<string>
}

/** The claims in which an issuer says it. */
export interface GrantClaims {
  readonly scopesClaim: string
  readonly policiesClaim: string
}

/** A caller without a token. */
export const ANONYMOUS: Grants = { authenticated: false, scopes: new Set(), policies: new Set() }

/** Where issuers put scopes when not in `scope`: Entra ID and Okta. */
const OTHER_SCOPES = ['scp', 'scopes']

/**
 * Reads the grants of a caller whose token is verified. A claim is text with spaces between names (RFC 8693) or a list
 * of names; what is neither grants nothing. Claims other than those named are not read, except that scopes may stand
 * in `scp` or `scopes` when there is no `scope`.
 */
export function grantsOf(
  claims: Readonly<Record<string, unknown>>,
  { scopesClaim, policiesClaim }: GrantClaims
): Grants {
  const places = scopesClaim === 'scope' ? [scopesClaim, ...OTHER_SCOPES] : [scopesClaim]
  const place = places.find(name => Object.hasOwn(claims, name))
  return {
    authenticated: true,
    scopes: names(place === undefined ? undefined : claims[place]),
    policies: names(Object.hasOwn(claims, policiesClaim) ? claims[policiesClaim] : undefined)
  }
}

/** The facts among `known` that hold for the caller, in a stable order. */
export function factsOf({ authenticated, scopes, policies }: Grants, known: ReadonlySet<Literal>): readonly Literal[] {
  const facts = authenticated ? ['authenticated'] : []
  for (const scope of scopes) facts.push(`scope:${scope}`)
  for (const policy of policies) facts.push(`policy:${policy}`)
  return facts.filter(fact => known.has(fact)).sort()
}

function names(value: unknown): ReadonlySet<string> {
  const list = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : []
  return new Set(list.filter((name): name is string => typeof name === 'string' && name !== ''))
}
