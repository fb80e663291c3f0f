import { idFrom } from '../../platform/ids.ts'
import type { Channel, MappedLine, MappedOrder, Status } from './import-target.ts'
import { STATUSES } from './import-target.ts'
import { describeKey, type JoinedRow, type JoinedSource } from './joined-source.ts'
import { mapHistory } from './map-history.ts'
import type { Field, Join, Mapping } from './mapping.ts'
import type { NoteKind } from './notes.ts'
import { amountOf, instantOf, integerOf, requiredTextOf, type Scope, textOf } from './read-value.ts'
import { BadRow, type Row } from './rows.ts'

export interface OrderContext {
  readonly mapping: Mapping
  readonly company: string
  readonly joined: ReadonlyMap<string, JoinedSource>
}

/** An order's row with the rows that belong to it. */
export interface OrderParts {
  readonly row: Row
  readonly children: readonly JoinedRow[]
  readonly scope: Scope
  readonly lines: readonly Scope[]
}

export interface Mapped {
  readonly order: MappedOrder
  readonly notes: readonly { readonly note: NoteKind; readonly status: Status | null }[]
}

/** Gathers the joined rows of an order's row. */
export function gather({ mapping, joined }: OrderContext, row: Row): OrderParts {
  const { orders, empty } = mapping
  const children: JoinedRow[] = []
  const all = (join: Join): readonly Row[] => {
    const found = joined.get(join.source)?.find(join, row) ?? []
    children.push(...found)
    return found.map(child => child.row)
  }
  const first = (join: Join, other: Row): Row | null => {
    const [found, ...more] = joined.get(join.source)?.find(join, other) ?? []
    if (!found) return null
    children.push(found)
    for (const one of more) one.problem ??= `line ${found.row.line} has the same ${describeKey(join, one.row)}`
    return found.row
  }
  const one = (own: string, other: Row, joins: readonly Join[]): Scope['one'] =>
    new Map([[own, other], ...joins.map(join => [join.source, first(join, other)] as const)])
  const many = new Map<string, readonly Row[]>()
  for (const join of [orders.lines?.join, orders.payments]) {
    if (join) many.set(join.source, all(join))
  }
  const lineRows = orders.lines ? (many.get(orders.lines.join.source) ?? []) : []
  return {
    row,
    children,
    scope: { row, one: one(orders.from, row, orders.with), many, empty },
    lines: lineRows.map(line => {
      return { row: line, one: one(line.file.source, line, orders.lines?.with ?? []), many: NONE, empty }
    })
  }
}

const NONE: Scope['many'] = new Map()

/** The order that a row and its joined rows mean. Throws BadRow with the row to blame. */
export function mapOrder({ mapping, company }: OrderContext, { scope, lines, children }: OrderParts): Mapped {
  const bad = children.find(({ problem }) => problem !== null)
  if (bad) throw new BadRow(bad.row, bad.problem ?? '')
  const { fields, customer, shipTo, history } = mapping.orders
  const notes: Mapped['notes'][number][] = []
  const instant = (field: Field | undefined) =>
    instantOf(field, scope, () => notes.push({ note: 'LOCAL_TIME_SKIPPED', status: null }))
  const text = (field: Field | undefined) => textOf(field, scope)
  const currency = requiredTextOf(fields.currency, scope)
  const status = requiredTextOf(fields.status, scope) as Status
  const placedAt = instant(fields.placedAt)
  if (placedAt === null) throw new BadRow(scope.row, 'orders.placedAt is empty')
  const times = Object.fromEntries(STATUSES.map(step => [step, instant(history[step])]))
  const { steps, notes: historyNotes } = mapHistory(status, times, placedAt)
  const mappedLines = lines.map(line => mapLine(mapping, company, line, currency))
  const totalMinor = fields.total ? amountOf(fields.total, scope, currency) : sumOfLines(mappedLines)
  if (totalMinor === null) notes.push({ note: 'TOTAL_UNKNOWN', status: null })
  const order: MappedOrder = {
    company,
    channel: requiredTextOf(fields.channel, scope) as Channel,
    externalId: requiredTextOf(fields.externalId, scope),
    number: text(fields.number),
    customer: {
      externalId: requiredTextOf(customer.externalId, scope),
      name: text(customer.name),
      phone: text(customer.phone),
      region: text(customer.region),
      city: text(customer.city)
    },
    lines: mappedLines,
    currency,
    totalMinor,
    note: text(fields.note),
    shipTo: shipTo && Object.fromEntries(Object.entries(shipTo).map(([name, field]) => [name, text(field)])),
    placedAt,
    history: steps,
    promisedTo: instant(fields.promisedTo),
    carrier: text(fields.carrier),
    cancelReason: text(fields.cancelReason)
  }
  return { order, notes: [...historyNotes, ...notes] }
}

function mapLine(mapping: Mapping, company: string, scope: Scope, currency: string): MappedLine {
  const fields = mapping.orders.lines?.fields ?? {}
  const sku = requiredTextOf(fields.sku, scope)
  const unitPriceMinor = amountOf(fields.unitPrice, scope, currency)
  if (unitPriceMinor === null) throw new BadRow(scope.row, 'orders.lines.unitPrice is empty')
  const externalId = textOf(fields.externalId, scope)
  const supplier = textOf(fields.supplier, scope)
  return {
    ...(externalId !== null && { externalId }),
    sku,
    name: textOf(fields.name, scope) ?? sku,
    quantity: integerOf(fields.quantity, scope) ?? 1,
    unitPriceMinor,
    supplierId: supplier === null ? textOf(fields.supplierId, scope) : supplierIdOf(company, supplier)
  }
}

/** A supplier's id from the source's: a supplier and the lines that name it meet in it. */
export function supplierIdOf(company: string, externalId: string): string {
  return idFrom('sup', company, externalId)
}

function sumOfLines(lines: readonly MappedLine[]): number | null {
  if (lines.length === 0) return null
  return lines.reduce((total, { quantity, unitPriceMinor }) => total + quantity * unitPriceMinor, 0)
}
