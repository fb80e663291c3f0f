import { type MappedProduct, type MappedSupplier, STAGES } from './import-target.ts'
import { supplierIdOf } from './map-order.ts'
import type { Mapping } from './mapping.ts'
import { integerOf, requiredTextOf, type Scope, textOf } from './read-value.ts'
import { BadRow, type Row } from './rows.ts'
import type { ImportRun } from './run-import.ts'

const TOGETHER = 200
const LONGEST_NAME = 255

/** Imports suppliers and products, before the orders that name them. */
export async function importCatalogue(run: ImportRun): Promise<void> {
  const { suppliers, products } = run.mapping
  if (suppliers) await importTable(run, suppliers.from, scope => mapSupplier(run, scope), importSuppliers)
  if (products) await importTable(run, products.from, scope => mapProduct(run, scope), importProducts)
}

interface Item<Value> {
  readonly row: Row
  readonly value: Value
}

type Write<Value> = (run: ImportRun, items: readonly Item<Value>[]) => Promise<void>

async function importTable<Value>(
  run: ImportRun,
  source: string,
  map: (scope: Scope) => Value,
  write: Write<Value>
): Promise<void> {
  for (const { file, table } of run.files.filter(opened => opened.file.source === source)) {
    let items: Item<Value>[] = []
    for await (const { problem, ...rest } of table.rows()) {
      const row = { file, ...rest }
      run.tally.read(file)
      const value = problem === null ? mapped(() => map(scopeOf(run.mapping, row))) : { reason: problem }
      if ('reason' in value) await run.reject(row, value.reason)
      else items.push({ row, value: value.value })
      if (items.length < TOGETHER) continue
      await write(run, items)
      items = []
    }
    if (items.length > 0) await write(run, items)
  }
}

function mapped<Value>(map: () => Value): { readonly value: Value } | { readonly reason: string } {
  try {
    return { value: map() }
  } catch (error) {
    if (error instanceof BadRow) return { reason: error.message }
    throw error
  }
}

function scopeOf({ empty }: Mapping, row: Row): Scope {
  return { row, one: new Map([[row.file.source, row]]), many: new Map(), empty }
}

function mapSupplier({ mapping, company }: ImportRun, scope: Scope): MappedSupplier {
  const { externalId, name, stage } = mapping.suppliers?.fields ?? {}
  const id = requiredTextOf(externalId, scope)
  const text = textOf(name, scope) ?? id
  if (text.length > LONGEST_NAME) throw new BadRow(scope.row, `suppliers.name has more than ${LONGEST_NAME} characters`)
  const level = textOf(stage, scope)
  const known = STAGES.find(one => one === level)
  if (level !== null && !known) throw new BadRow(scope.row, `suppliers.stage is not one of ${STAGES.join(', ')}`)
  return { id: supplierIdOf(company, id), name: text, ...(known && { stage: known }) }
}

function mapProduct({ mapping, company }: ImportRun, scope: Scope): MappedProduct {
  const { sku, name, category, weightGrams } = mapping.products?.fields ?? {}
  const id = requiredTextOf(sku, scope)
  return {
    company,
    sku: id,
    name: textOf(name, scope) ?? id,
    category: textOf(category, scope),
    weightGrams: integerOf(weightGrams, scope)
  }
}

/** The room takes a batch whole and says how many it changed; all are of one file, so the counts are that file's. */
async function importSuppliers(
  { target, company, tally }: ImportRun,
  items: readonly Item<MappedSupplier>[]
): Promise<void> {
  const counts = await target.suppliers.importSuppliers(
    items.map(({ value }) => value),
    company
  )
  const file = items[0]?.row.file
  if (!file) return
  tally.count(file, 'imported', counts.created + counts.changed)
  tally.count(file, 'unchanged', counts.unchanged)
}

async function importProducts(run: ImportRun, items: readonly Item<MappedProduct>[]): Promise<void> {
  const results = await run.target.orders.importProducts(items.map(({ value }) => value))
  for (const [i, { row }] of items.entries()) {
    const result = results[i]
    if (result && result.outcome !== 'rejected') run.tally.count(row.file, result.outcome)
    else await run.reject(row, result?.reason ?? 'the room did not answer')
  }
}
