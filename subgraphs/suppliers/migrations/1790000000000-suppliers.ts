import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm'

const text = (name: string, length: number, over: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  ...over
})
const key = (name: string) => text(name, 64, { isPrimary: true })
const integer = (name: string, over: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'integer',
  ...over
})
const nullable = { isNullable: true }

/** Suppliers, bills of materials, production orders, and what this room keeps of orders and promises. */
export class Suppliers1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(new Table(table))
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES.toReversed()) await runner.dropTable(name)
  }
}

const TABLES = [
  {
    name: 'supplier',
    columns: [key('company'), key('id'), text('name', 255), text('stage', 16)]
  },
  {
    name: 'bom_component',
    columns: [key('company'), key('sku'), key('component'), text('quantity_per', 24), integer('lead_time_days')]
  },
  {
    name: 'production_order',
    columns: [
      key('id'),
      text('company', 64),
      text('order_id', 64),
      text('supplier_id', 64),
      text('sku', 64),
      integer('quantity'),
      text('required_by', 10),
      text('status', 16),
      text('triggered_at', 24),
      text('promised_date', 10, nullable),
      integer('promised_quantity', nullable),
      text('acknowledged_at', 24, nullable),
      integer('version')
    ],
    indices: [
      { name: 'production_order_by_order', columnNames: ['order_id'] },
      { name: 'production_order_by_supplier', columnNames: ['supplier_id'] }
    ]
  },
  {
    name: 'production_order_component',
    columns: [key('production_order_id'), key('component'), text('quantity_per', 24), integer('lead_time_days')]
  },
  {
    name: 'order_line_fact',
    columns: [
      key('order_id'),
      key('line_id'),
      text('company', 64),
      text('supplier_id', 64, nullable),
      text('category', 255),
      text('day', 10),
      integer('quantity'),
      { name: 'amount', type: 'bigint' },
      text('currency', 3)
    ],
    indices: [{ name: 'order_line_fact_by_day', columnNames: ['company', 'day'] }]
  },
  {
    name: 'order_promise',
    columns: [key('order_id'), text('promised_from', 24)]
  }
]
