import { Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import type { Database } from '../../platform/database/database.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import { batched } from '../../platform/subgraph/batch.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { productsBySku } from './find-products.ts'
import { OrderLine } from './order-line.ts'
import { Product } from './product.ts'

@Resolver(() => OrderLine)
export class OrderLineResolver {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  @FieldResolver(() => Product, { nullable: true, description: 'Null when the catalogue does not have the SKU.' })
  product(@Root() { sku }: OrderLine, @Ctx() context: Context): Promise<Product | null> {
    const { reads } = this.#database
    return batched(context, 'products', skus => productsBySku(reads, context.access.company, skus))(sku)
  }

  @FieldResolver(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  metScopes(@Root() { keys }: OrderLine, @Ctx() { access }: Context): number {
    return metScopes(keys, access.read['OrderLine'])
  }
}
