import { minorUnits } from '../../platform/graphql/money.ts'
import type { Alternative, Field } from './mapping.ts'
import { readInstant } from './read-instant.ts'
import { BadRow, type Cell, cellOf, type Row } from './rows.ts'

/** What a field is read from: the section's row, and the rows that belong to it. */
export interface Scope {
  /** The row that is to blame when a value is missing. */
  readonly row: Row
  /** One row for a source, or none. */
  readonly one: ReadonlyMap<string, Row | null>
  readonly many: ReadonlyMap<string, readonly Row[]>
  readonly empty: ReadonlySet<string>
}

interface Found {
  readonly cell: Cell
  readonly row: Row
}

/** A text, or null when there is none. Throws BadRow when a map does not know the value. */
export function textOf(field: Field | undefined, scope: Scope): string | null {
  const found = field && find(field, scope)
  if (!field) return null
  if (!found) return field.fallback ?? null
  const text = typeof found.cell === 'string' ? found.cell : found.cell.toISOString()
  if (!field.map) return text
  const mapped = field.map.get(text)
  if (mapped !== undefined) return mapped
  if (field.fallback !== undefined) return field.fallback
  throw new BadRow(found.row, `${field.path}: ${quoted(text)} is not in the mapping's map; add it, or a default`)
}

/** A text that must be there. Throws BadRow. */
export function requiredTextOf(field: Field | undefined, scope: Scope): string {
  const text = textOf(field, scope)
  if (text === null) throw new BadRow(scope.row, `${field?.path} is empty`)
  return text
}

/** A whole number, or null when there is none. Throws BadRow. */
export function integerOf(field: Field | undefined, scope: Scope): number | null {
  const text = textOf(field, scope)
  if (text === null || field === undefined) return null
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new BadRow(scope.row, `${field.path}: ${quoted(text)} is not a whole number`)
  return value
}

/** Minor units of the currency, or null when there is no value. Throws BadRow. */
export function amountOf(field: Field | undefined, scope: Scope, currency: string): number | null {
  for (const alternative of field?.alternatives ?? []) {
    if (!field) break
    if (alternative.type === 'sum') {
      const sum = sumOf(alternative, field, scope, currency)
      if (sum !== null) return sum
    } else {
      const found = findIn(alternative, scope)
      if (found) return minor(found, field, currency)
    }
  }
  if (field?.fallback == null) return null
  return minor({ cell: field.fallback, row: scope.row }, field, currency)
}

/** An ISO instant, or null when there is no value. Throws BadRow. */
export function instantOf(field: Field | undefined, scope: Scope, onGap?: () => void): string | null {
  const found = field && find(field, scope)
  if (!field || !found) return null
  const time = readInstant(found.cell, field.format, field.zone)
  if (time === null) {
    throw new BadRow(
      found.row,
      `${field.path}: ${quoted(String(found.cell))} is not a time of the format ${field.format}`
    )
  }
  if (time.gap) onGap?.()
  return time.at
}

function find(field: Field, scope: Scope): Found | null {
  for (const alternative of field.alternatives) {
    const found = findIn(alternative, scope)
    if (found) return found
  }
  return null
}

function findIn(alternative: Alternative, scope: Scope): Found | null {
  switch (alternative.type) {
    case 'value':
      return { cell: alternative.text, row: scope.row }
    case 'column':
      return valueAt(alternative.ref, scope)
    case 'template': {
      const texts = alternative.parts.map(part => (typeof part === 'string' ? part : valueAt(part, scope)?.cell))
      return texts.includes(undefined) ? null : { cell: texts.join(''), row: scope.row }
    }
    case 'sum':
      return null
  }
}

function valueAt({ source, column }: { readonly source: string; readonly column: string }, scope: Scope): Found | null {
  const row = scope.one.get(source)
  const cell = row ? cellOf(row, column) : ''
  return row && cell !== '' && !(typeof cell === 'string' && scope.empty.has(cell)) ? { cell, row } : null
}

/** The sum over all joined rows; null when none of them has a value. */
function sumOf(
  { refs }: Extract<Alternative, { type: 'sum' }>,
  field: Field,
  scope: Scope,
  currency: string
): number | null {
  const amounts = refs.flatMap(ref =>
    (scope.many.get(ref.source) ?? []).flatMap(row => {
      const found = valueAt(ref, { ...scope, one: new Map([[ref.source, row]]) })
      return found ? [minor(found, field, currency)] : []
    })
  )
  return amounts.length === 0 ? null : amounts.reduce((total, amount) => total + amount, 0)
}

function minor({ cell, row }: Found, field: Field, currency: string): number {
  const text = String(cell)
  const plain = plainDecimal(text, field.decimal)
  const value = plain === null ? null : minorUnits(plain, currency)
  if (value === null) throw new BadRow(row, `${field.path}: ${quoted(text)} is not an amount of ${currency}`)
  return value
}

/** The number with a decimal point and no other marks; null when its marks do not stand where thousands do. */
function plainDecimal(text: string, decimal: '.' | ','): string | null {
  const thousands = decimal === '.' ? ',' : '.'
  const [whole = '', fraction, ...more] = text.replace(/\s/g, '').split(decimal)
  const grouped = whole.includes(thousands)
  if (more.length > 0 || (grouped && !/^-?\d{1,3}([.,]\d{3})+$/.test(whole))) return null
  const digits = whole.replaceAll(thousands, '')
  return fraction === undefined ? digits : `${digits}.${fraction}`
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
