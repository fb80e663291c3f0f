import { In } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { chunks } from '../../platform/database/dialect.ts'
import { checkText } from './check-draft.ts'
import { Product } from './product.ts'

/** A product of another system's catalogue. */
export interface ImportedProduct {
  readonly company: string
  readonly sku: string
  readonly name: string
  readonly category: string | null
  readonly weightGrams: number | null
}

/** What became of one product of a batch. */
export type ImportedProductResult =
  | { readonly outcome: 'imported' | 'unchanged' }
  | { readonly outcome: 'rejected'; readonly reason: string }

/** Takes in a catalogue; a product that is here with other facts is brought up to date. */
export async function importProducts(
  { database }: { readonly database: Database },
  batch: readonly ImportedProduct[]
): Promise<readonly ImportedProductResult[]> {
  const results: ImportedProductResult[] = []
  for (const together of chunks(batch, 200)) {
    results.push(
      ...(await database.transaction(async manager => {
        const rows = await manager.findBy(Product, { sku: In(together.map(({ sku }) => sku)) })
        const known = new Map(rows.map(row => [keyOf(row), row]))
        const changed = new Map<string, ImportedProduct>()
        const outcomes = together.map((product): ImportedProductResult => {
          const reason = checkProduct(product)
          if (reason !== null) return { outcome: 'rejected', reason }
          const there = changed.get(keyOf(product)) ?? known.get(keyOf(product))
          if (there && sameProduct(there, product)) return { outcome: 'unchanged' }
          changed.set(keyOf(product), product)
          return { outcome: 'imported' }
        })
        if (changed.size > 0) await manager.upsert(Product, [...changed.values()], ['company', 'sku'])
        return outcomes
      }))
    )
  }
  return results
}

function keyOf({ company, sku }: ImportedProduct): string {
  return `${company} ${sku}`
}

function sameProduct(a: ImportedProduct, b: ImportedProduct): boolean {
  return a.name === b.name && a.category === b.category && a.weightGrams === b.weightGrams
}

function checkProduct({ sku, name, category, weightGrams }: ImportedProduct): string | null {
  return (
    checkText('sku', sku, 64) ??
    checkText('name', name, 255) ??
    checkText('category', category ?? '-', 64) ??
    (weightGrams === null || (Number.isSafeInteger(weightGrams) && weightGrams >= 0 && weightGrams < 2 ** 31)
      ? null
      : 'weightGrams is not a whole number of grams')
  )
}
