import { Column, Entity, PrimaryColumn } from 'typeorm'

/** One line of the bill of materials of a SKU, as it is today; production orders keep a copy of the lines they started with. */
@Entity('bom_component')
export class BomComponent {
  @PrimaryColumn('varchar', { length: 64 })
  company!: string

  @PrimaryColumn('varchar', { length: 64 })
  sku!: string

  @PrimaryColumn('varchar', { length: 64 })
  component!: string

  /** Decimal text: how much of the component goes into one of the SKU. */
  @Column('varchar', { name: 'quantity_per', length: 24 })
  quantityPer!: string

  @Column('integer', { name: 'lead_time_days' })
  leadTimeDays!: number
}
