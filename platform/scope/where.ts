import type { RowScope, ScopeKey } from './scope.ts'

/** A condition for `qb.andWhere(sql, parameters)`. */
export interface Where {
  readonly sql: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/**
 * Where a table keeps the scope keys: a column expression, or for many values the text of an EXISTS subquery up to and
 * with its value column (`SELECT 1 FROM order_suppliers s WHERE s.order_id = o.id AND s.supplier_id`).
 */
export type ScopeColumns = { readonly [K in ScopeKey]?: string | { readonly exists: string } }

const NOTHING = '1=0'
const EVERYTHING = '1=1'

/** Two conditions of one query must not share a name; the text that reaches the database has placeholders instead. */
let named = 0

/**
 * The rows that meet at least one scope, exactly as `metScopes` decides. Fails closed: no scopes is no row, and a scope
 * over a key that the table does not have is no row.
 */
export function scopeWhere(scopes: readonly RowScope[] | undefined, columns: ScopeColumns): Where {
  const parameters: Record<string, unknown> = {}
  const alternatives = (scopes ?? []).map(scope => scopeSql(scope, columns, parameters)).filter(sql => sql !== NOTHING)
  if (alternatives.length === 0) return { sql: NOTHING, parameters: {} }
  if (alternatives.includes(EVERYTHING)) return { sql: EVERYTHING, parameters: {} }
  return { sql: `(${alternatives.join(' OR ')})`, parameters }
}

function scopeSql(scope: RowScope, columns: ScopeColumns, parameters: Record<string, unknown>): string {
  const conditions: string[] = []
  const values: Record<string, unknown> = {}
  for (const [key, allowed] of Object.entries(scope)) {
    const column = Object.hasOwn(columns, key) ? columns[key as ScopeKey] : undefined
    if (column === undefined || allowed === undefined || allowed.length === 0) return NOTHING
    named = (named + 1) % Number.MAX_SAFE_INTEGER
    const name = `scope_${named}`
    values[name] = allowed
    conditions.push(
      typeof column === 'string' ? `${column} IN (:...${name})` : `EXISTS (${column.exists} IN (:...${name}))`
    )
  }
  Object.assign(parameters, values)
  return conditions.length === 0 ? EVERYTHING : `(${conditions.join(' AND ')})`
}
