import { type EntityManager, In } from 'typeorm'
import { chunks } from '../../platform/database/dialect.ts'
import { Product } from './product.ts'

/** Products by SKU, of those that the company's catalogue has. */
export async function productsBySku(
  manager: EntityManager,
  company: string,
  skus: readonly string[]
): Promise<ReadonlyMap<string, Product>> {
  const found = new Map<string, Product>()
  for (const part of chunks([...new Set(skus)], 500)) {
    for (const product of await manager.findBy(Product, { company, sku: In([...part]) }))
      found.set(product.sku, product)
  }
  return found
}
