import { Arg, Args, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import type { Database } from '../../platform/database/database.ts'
import { type Connection, connectionOf, paginate } from '../../platform/graphql/connection.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { supplierById, visibleSuppliers } from './find-suppliers.ts'
import { SuppliersArgs } from './production-order-inputs.ts'
import { keysOfSupplier, Supplier } from './supplier.ts'

const Suppliers = connectionOf(Supplier, 'Supplier')

@Resolver(() => Supplier)
export class SupplierResolver {
  constructor(private readonly database: Database) {}

  @Query(() => Supplier, { nullable: true })
  @Directive('@owner(department: "procurement")')
  supplier(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Supplier | null> {
    return supplierById(this.database.reads, context, id)
  }

  @Query(() => Suppliers.Connection)
  @Directive('@owner(department: "procurement")')
  suppliers(@Args(() => SuppliersArgs) args: SuppliersArgs, @Ctx() context: Context): Promise<Connection<Supplier>> {
    return paginate({ query: visibleSuppliers(this.database.reads, context), args })
  }

  @FieldResolver(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  metScopes(@Root() row: Supplier, @Ctx() { access }: Context): number {
    return metScopes(keysOfSupplier(row), access.read['Supplier'])
  }
}
