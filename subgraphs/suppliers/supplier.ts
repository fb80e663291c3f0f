import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { ScopeKeys } from '../../platform/scope/scope.ts'

/** How far the sharing with a supplier goes: aggregates only, a contract pilot, collaboration. */
export enum SupplierStage {
  AGGREGATE = 'AGGREGATE',
  PILOT = 'PILOT',
  COLLABORATION = 'COLLABORATION'
}

registerEnumType(SupplierStage, {
  name: 'SupplierStage',
  description: 'How far the sharing with a supplier goes: aggregates only, a contract pilot, collaboration.'
})

/** Who makes what the company sells. */
@Entity('supplier')
@ObjectType({ description: 'Who makes what the company sells.' })
@Directive('@key(fields: "id")')
@Directive('@owner(department: "procurement")')
@Directive('@scoped(by: ["supplierIds"])')
export class Supplier {
  @PrimaryColumn('varchar', { length: 64 })
  company!: string

  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => ID)
  id!: string

  @Column('varchar', { length: 255 })
  @Field(() => String)
  name!: string

  @Column('varchar', { length: 16 })
  @Field(() => SupplierStage)
  stage!: SupplierStage
}

/** A supplier belongs to no order: of the keys it has its own id alone. */
export function keysOfSupplier({ company, id }: Pick<Supplier, 'company' | 'id'>): ScopeKeys {
  return { company, orderId: null, channel: null, customerId: null, supplierIds: [id], region: null, carrier: null }
}
