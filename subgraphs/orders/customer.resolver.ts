import { Arg, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import type { Database } from '../../platform/database/database.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import { batched } from '../../platform/subgraph/batch.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { Customer, customerKeys } from './customer.ts'
import { customersByIds } from './read-details.ts'

@Resolver(() => Customer)
export class CustomerResolver {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Also how the router finds a customer by its key. */
  @Query(() => Customer, { nullable: true })
  @Directive('@owner(department: "sales")')
  customer(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Customer | null> {
    const { reads } = this.#database
    return batched(context, 'customers', ids => customersByIds(reads, context.access, ids))(id)
  }

  @FieldResolver(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  metScopes(@Root() customer: Customer, @Ctx() { access }: Context): number {
    return metScopes(customerKeys(customer), access.read['Customer'])
  }
}
