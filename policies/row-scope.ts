import type { RowScope, ScopeKey } from '../platform/scope/scope.ts'

/** A row scope as a contract writes it: values are literals or `$claim`. `{}` is every row of the company. */
export type ScopeTemplate = { readonly [K in ScopeKey]?: readonly string[] }

export const ALL_ROWS: ScopeTemplate = {}

/** Text that equal scopes share. */
export function scopeText(scope: ScopeTemplate): string {
  const keys = keysOf(scope).sort()
  if (!keys.length) return 'all rows'
  return keys.map(key => `${key} in [${[...(scope[key] ?? [])].sort().join(', ')}]`).join(' and ')
}

/** Names of the claims that a scope needs. */
export function claimsOf(scope: ScopeTemplate): readonly string[] {
  return [...new Set(Object.values(scope).flatMap(values => values.filter(isClaim).map(value => value.slice(1))))]
}

/**
 * True when every row that meets `narrow` meets `wide`, for whatever claims. A wide scope with a claim that the narrow one
 * does not need would be dropped alone when the claim is missing, so it is not wider.
 */
export function implies(narrow: ScopeTemplate, wide: ScopeTemplate): boolean {
  const claims = claimsOf(narrow)
  if (!claimsOf(wide).every(claim => claims.includes(claim))) return false
  return keysOf(wide).every(key => narrow[key]?.every(value => wide[key]?.includes(value)) ?? false)
}

/** True when every row of `scope` is a row of one of `scopes`. */
export function isCovered(scope: ScopeTemplate, scopes: readonly ScopeTemplate[]): boolean {
  return scopes.some(wide => implies(scope, wide))
}

/** Without what is said twice: scopes that a wider one of the list covers. */
export function widest(scopes: readonly ScopeTemplate[]): readonly ScopeTemplate[] {
  const distinct = [...new Map(scopes.map(scope => [scopeText(scope), scope])).values()]
  return distinct.filter(scope => !distinct.some(other => other !== scope && implies(scope, other)))
}

/** Puts the claims in. A scope whose claim is missing becomes one that no row meets, so that the others keep their places. */
export function bind(scopes: readonly ScopeTemplate[], claims: Readonly<Record<string, string>>): readonly RowScope[] {
  return scopes.map(scope => {
    const missing = claimsOf(scope).some(claim => !claimValue(claims, claim))
    return Object.fromEntries(
      keysOf(scope).map(key => [
        key,
        missing
          ? []
          : (scope[key] ?? []).map(value => (isClaim(value) ? (claimValue(claims, value.slice(1)) ?? '') : value))
      ])
    )
  })
}

function claimValue(claims: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(claims, name) && claims[name] !== '' ? claims[name] : undefined
}

function keysOf(scope: ScopeTemplate): ScopeKey[] {
  return Object.keys(scope) as ScopeKey[]
}

function isClaim(value: string): boolean {
  return value.startsWith('$')
}
