/**
 * The facts that decide who may see a row (semantics W2). Every order event carries them, every room keeps them beside
 * its own rows, and a row scope is a condition over them.
 */
export interface ScopeKeys {
  readonly company: string
  readonly orderId: string | null
  readonly channel: string | null
  readonly customerId: string | null
  readonly supplierIds: readonly string[]
  readonly region: string | null
  readonly carrier: string | null
}

export type ScopeKey = 'orderId' | 'channel' | 'customerId' | 'supplierIds' | 'region' | 'carrier'

/**
 * One row scope with its variables bound: every named key must hold one of the values. `{}` is every row of the company.
 * Several scopes of a type add up by OR (semantics K4).
 */
export type RowScope = { readonly [K in ScopeKey]?: readonly string[] }

/** What the router tells a subgraph about the caller: the only authority that a subgraph acts on. */
export interface Access {
  readonly company: string
  /** Consumer id: the actor written to history, and the namespace of idempotency keys. */
  readonly consumer: string
  /** Party class, such as `sales` or `customer`. */
  readonly party: string
  readonly claims: Readonly<Record<string, string>>
  /** Row scopes by type name. A type that is not named here has no visible row: fail closed. */
  readonly read: Readonly<Record<string, readonly RowScope[]>>
  /** The same for what mutations may touch or create (semantics K7). */
  readonly write: Readonly<Record<string, readonly RowScope[]>>
  /** Log position that the answer must have applied (semantics W3). */
  readonly readAfter: number | null
  /** The caller's preferred language for messages: `en` or `zh`. */
  readonly language: 'en' | 'zh'
}

/** Scopes that fit a bit set in GraphQL's Int; one more would wrap around and pass for the first. */
export const MOST_SCOPES = 31

/**
 * Which of `scopes` the row meets, as a bit set (bit i = scope i); 0 = the row is not visible. Scopes beyond MOST_SCOPES
 * have no bit, and so grant no cell.
 */
export function metScopes(keys: ScopeKeys, scopes: readonly RowScope[] | undefined): number {
  let bits = 0
  scopes?.slice(0, MOST_SCOPES).forEach((scope, i) => {
    if (meets(keys, scope)) bits |= 1 << i
  })
  return bits
}

function meets(keys: ScopeKeys, scope: RowScope): boolean {
  return (Object.keys(scope) as ScopeKey[]).every(key => {
    const allowed = scope[key] ?? []
    const value = Object.hasOwn(keys, key) ? keys[key] : null
    if (value === null) return false
    return typeof value === 'string' ? allowed.includes(value) : value.some(v => allowed.includes(v))
  })
}
