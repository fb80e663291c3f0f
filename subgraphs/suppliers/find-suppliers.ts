import type { EntityManager, SelectQueryBuilder } from 'typeorm'
import { scopeWhere } from '../../platform/scope/where.ts'
import { batched } from '../../platform/subgraph/batch.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { Supplier } from './supplier.ts'

/** The suppliers that the caller may see, as alias `u`. */
export function visibleSuppliers(reads: EntityManager, { access }: Context): SelectQueryBuilder<Supplier> {
  const { sql, parameters } = scopeWhere(access.read['Supplier'], { supplierIds: 'u.id' })
  return reads
    .createQueryBuilder(Supplier, 'u')
    .where('u.company = :company', { company: access.company })
    .andWhere(sql, parameters)
}

/** One supplier by id, gathered with the others of the tick; null when there is none or the caller may not see it. */
export function supplierById(reads: EntityManager, context: Context, id: string): Promise<Supplier | null> {
  return batched(context, 'Supplier', async ids => {
    const rows = await visibleSuppliers(reads, context).andWhere('u.id IN (:...ids)', { ids }).getMany()
    return new Map(rows.map(row => [row.id, row]))
  })(id)
}
