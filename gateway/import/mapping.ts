import type { Status } from './import-target.ts'

/** A column of a source. */
export interface ColumnRef {
  readonly source: string
  readonly column: string
}

/** One way to get a value; the first that gives one wins. */
export type Alternative =
  | { readonly type: 'column'; readonly ref: ColumnRef }
  | { readonly type: 'value'; readonly text: string }
  | { readonly type: 'template'; readonly parts: readonly (string | ColumnRef)[] }
  | { readonly type: 'sum'; readonly refs: readonly ColumnRef[] }

/** How one field is read from the columns. */
export interface Field {
  /** Its place in the mapping, such as `orders.lines.sku`. */
  readonly path: string
  readonly alternatives: readonly Alternative[]
  /** Source value → value; null = as it stands. */
  readonly map: ReadonlyMap<string, string> | null
  /** For a value that is empty or, with a map, not in it; undefined = none was given. */
  readonly fallback: string | null | undefined
  /** Luxon tokens, or one of `iso`, `seconds`, `milliseconds`. */
  readonly format: string
  /** IANA zone of times that name none. */
  readonly zone: string
  readonly decimal: '.' | ','
}

/** Rows of one source that belong to a row of another: where all pairs of columns are equal. */
export interface Join {
  readonly source: string
  readonly on: readonly { readonly theirs: string; readonly ours: ColumnRef }[]
}

/** Fields by name; a field that the mapping leaves out is absent. */
export type Fields<Name extends string> = { readonly [K in Name]?: Field }

export type OrderField =
  | 'channel'
  | 'externalId'
  | 'number'
  | 'currency'
  | 'placedAt'
  | 'status'
  | 'total'
  | 'note'
  | 'promisedTo'
  | 'carrier'
  | 'cancelReason'
export type CustomerField = 'externalId' | 'name' | 'phone' | 'region' | 'city'
export type AddressField = 'recipient' | 'phone' | 'line' | 'city' | 'region' | 'postalCode' | 'country'
export type LineField = 'externalId' | 'sku' | 'name' | 'quantity' | 'unitPrice' | 'supplier' | 'supplierId'
export type ProductField = 'sku' | 'name' | 'category' | 'weightGrams'
export type SupplierField = 'externalId' | 'name' | 'stage'

export interface OrdersMapping {
  readonly from: string
  /** Joined sources of which one row belongs to an order. */
  readonly with: readonly Join[]
  readonly fields: Fields<OrderField>
  readonly customer: Fields<CustomerField>
  readonly shipTo: Fields<AddressField> | null
  /** When each status was reached. */
  readonly history: Fields<Status>
  readonly lines: { readonly join: Join; readonly with: readonly Join[]; readonly fields: Fields<LineField> } | null
  /** Rows that only sums read. */
  readonly payments: Join | null
}

export interface TableMapping<Name extends string> {
  readonly from: string
  readonly fields: Fields<Name>
}

/** A checked mapping file. */
export interface Mapping {
  /** File name patterns by source. */
  readonly sources: ReadonlyMap<string, string>
  readonly orders: OrdersMapping
  readonly products: TableMapping<ProductField> | null
  readonly suppliers: TableMapping<SupplierField> | null
  /** Texts that mean nothing, such as `NULL`. */
  readonly empty: ReadonlySet<string>
}

/** Every column that the mapping reads, by source. */
export function columnsOf(mapping: Mapping): ReadonlyMap<string, ReadonlySet<string>> {
  const columns = new Map<string, Set<string>>()
  const add = ({ source, column }: ColumnRef): void => {
    const known = columns.get(source) ?? new Set()
    columns.set(source, known.add(column))
  }
  const { orders, products, suppliers } = mapping
  const joins = [...orders.with, ...(orders.lines ? [orders.lines.join, ...orders.lines.with] : []), orders.payments]
  for (const join of joins) {
    for (const { theirs, ours } of join?.on ?? []) {
      add(ours)
      add({ source: join?.source ?? '', column: theirs })
    }
  }
  const groups = [orders.fields, orders.customer, orders.shipTo, orders.history, orders.lines?.fields]
  for (const fields of [...groups, products?.fields, suppliers?.fields]) {
    for (const field of Object.values(fields ?? {}) as readonly Field[]) field.alternatives.flatMap(refsOf).forEach(add)
  }
  return columns
}

function refsOf(alternative: Alternative): readonly ColumnRef[] {
  switch (alternative.type) {
    case 'column':
      return [alternative.ref]
    case 'sum':
      return alternative.refs
    case 'template':
      return alternative.parts.filter(part => typeof part !== 'string')
    case 'value':
      return []
  }
}
