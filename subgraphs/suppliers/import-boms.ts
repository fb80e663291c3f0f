import type { EntityManager } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { chunks } from '../../platform/database/dialect.ts'
import { Fault } from '../../platform/errors.ts'
import { groupBy } from '../../platform/group-by.ts'
import { BomComponent } from './bom-component.ts'
import { findCycle } from './bom-cycle.ts'
import type { ImportCounts } from './import-suppliers.ts'

/** How much of a component goes into one piece; a number must be whole, so that no binary fraction sneaks in. */
export interface ImportedBomLine {
  readonly component: string
  /** A whole number, or a decimal as text, more than 0. */
  readonly quantityPer: number | string
  readonly leadTimeDays: number
}

/** The bill of materials of one SKU, whole: components that are not named any more are gone. */
export interface ImportedBom {
  readonly sku: string
  readonly lines: readonly ImportedBomLine[]
}

const CHUNK = 100

/**
 * Takes in bills of materials, all or none. The same list again changes nothing.
 * Throws Fault BAD_USER_INPUT for a line that makes no sense, and for a SKU that would need itself (details.cycle).
 */
export async function importBoms(
  database: Database,
  list: readonly ImportedBom[],
  company: string
): Promise<ImportCounts> {
  const boms = new Map(list.map(bom => [bom.sku, rowsOf(bom, company)]))
  return database.transaction(async manager => {
    const known: ReadonlyMap<string, readonly BomComponent[]> = groupBy(
      await manager.find(BomComponent, { where: { company }, order: { component: 'ASC' } }),
      row => row.sku
    )
    refuseCycle(new Map([...known, ...boms]))
    const different = [...boms].filter(
      ([sku, rows]) => JSON.stringify(rows) !== JSON.stringify((known.get(sku) ?? []).map(plain))
    )
    await replace(manager, company, different)
    const created = different.filter(([sku]) => !known.has(sku)).length
    return { created, changed: different.length - created, unchanged: list.length - different.length }
  })
}

async function replace(
  manager: EntityManager,
  company: string,
  boms: readonly (readonly [string, readonly BomComponent[]])[]
): Promise<void> {
  for (const [sku] of boms) await manager.delete(BomComponent, { company, sku })
  for (const part of chunks(
    boms.flatMap(([, rows]) => rows),
    CHUNK
  ))
    await manager.insert(BomComponent, [...part])
}

function rowsOf({ sku, lines }: ImportedBom, company: string): readonly BomComponent[] {
  const rows = lines.map(({ component, quantityPer, leadTimeDays }) => {
    const quantity = typeof quantityPer === 'number' ? wholeText(quantityPer) : decimalText(quantityPer)
    if (quantity === null)
      throw bad(sku, component, `quantityPer ${quantityPer} is no whole number and no decimal text above 0`)
    if (!Number.isInteger(leadTimeDays) || leadTimeDays < 0) {
      throw bad(sku, component, `leadTimeDays ${leadTimeDays} is no whole number of days`)
    }
    return { company, sku, component, quantityPer: quantity, leadTimeDays }
  })
  if (new Set(rows.map(row => row.component)).size < rows.length) throw bad(sku, null, 'it names a component twice')
  return rows.sort((a, b) => (a.component < b.component ? -1 : 1))
}

function wholeText(value: number): string | null {
  return Number.isSafeInteger(value) && value > 0 ? String(value) : null
}

/** One spelling per value, so that `1.50` again is no change of `1.5`. */
function decimalText(text: string): string | null {
  const match = /^0*(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text)
  if (!match || Number(text) === 0) return null
  const fraction = (match[2] ?? '').replace(/0+$/, '')
  return fraction === '' ? String(match[1]) : `${match[1]}.${fraction}`
}

function plain({ company, sku, component, quantityPer, leadTimeDays }: BomComponent): BomComponent {
  return { company, sku, component, quantityPer, leadTimeDays }
}

function refuseCycle(boms: ReadonlyMap<string, readonly BomComponent[]>): void {
  const cycle = findCycle(new Map([...boms].map(([sku, rows]) => [sku, rows.map(row => row.component)])))
  if (!cycle) return
  const message = `bills of materials cannot be imported: ${cycle.join(' needs ')}. Remove one of these components.`
  throw new Fault('BAD_USER_INPUT', message, { cycle })
}

function bad(sku: string, component: string | null, what: string): Fault {
  const where = component === null ? sku : `${sku}, component ${component}`
  return new Fault('BAD_USER_INPUT', `bill of materials ${where}: ${what}. Correct it and import again.`, {
    sku,
    component
  })
}
