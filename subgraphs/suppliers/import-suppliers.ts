import { In } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { chunks } from '../../platform/database/dialect.ts'
import { Supplier, SupplierStage } from './supplier.ts'

/** A supplier as a source names it. */
export interface ImportedSupplier {
  readonly id: string
  readonly name: string
  /** Absent = as it is; AGGREGATE, which shows least, when the supplier is new. */
  readonly stage?: `${SupplierStage}`
}

/** What an import did; the three add up to what was given. */
export interface ImportCounts {
  readonly created: number
  readonly changed: number
  readonly unchanged: number
}

/** Rows of one look-up. */
const CHUNK = 200

/** Takes in suppliers, all or none. The same list again changes nothing; of two with one id the later wins. */
export function importSuppliers(
  database: Database,
  list: readonly ImportedSupplier[],
  company: string
): Promise<ImportCounts> {
  return database.transaction(async manager => {
    let created = 0
    let changed = 0
    const wanted = [...new Map(list.map(supplier => [supplier.id, supplier])).values()]
    for (const part of chunks(wanted, CHUNK)) {
      const ids = part.map(({ id }) => id)
      const known = new Map((await manager.findBy(Supplier, { company, id: In(ids) })).map(row => [row.id, row]))
      const rows = part.map(({ id, name, stage }) => ({
        company,
        id,
        name,
        stage: stage ? SupplierStage[stage] : (known.get(id)?.stage ?? SupplierStage.AGGREGATE)
      }))
      const fresh = rows.filter(({ id }) => !known.has(id))
      if (fresh.length > 0) await manager.insert(Supplier, fresh)
      created += fresh.length
      for (const { id, name, stage } of rows) {
        const before = known.get(id)
        if (!before || (before.name === name && before.stage === stage)) continue
        await manager.update(Supplier, { company, id }, { name, stage })
        changed += 1
      }
    }
    return { created, changed, unchanged: list.length - created - changed }
  })
}
