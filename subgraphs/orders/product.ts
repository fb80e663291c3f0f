import { Directive, Field, Int, ObjectType } from 'type-graphql'
import { Column, Entity, PrimaryColumn } from 'typeorm'

/** What is sold under a SKU, as the company's own catalogue says. */
@Entity('products')
@ObjectType()
@Directive('@owner(department: "sales")')
export class Product {
  @PrimaryColumn('varchar', { length: 64 })
  readonly company!: string

  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => String)
  readonly sku!: string

  @Column('varchar', { length: 255 })
  @Field(() => String)
  readonly name!: string

  @Column('varchar', { length: 64, nullable: true })
  @Field(() => String, { nullable: true })
  readonly category!: string | null

  @Column('integer', { name: 'weight_grams', nullable: true })
  @Field(() => Int, { nullable: true })
  readonly weightGrams!: number | null
}
