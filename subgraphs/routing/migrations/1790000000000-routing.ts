import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm'

const id = (name: string): TableColumnOptions => ({ name, type: 'varchar', length: '64' })
const text = (name: string, length: number): TableColumnOptions => ({ name, type: 'varchar', length: String(length) })
const json = (name: string): TableColumnOptions => ({ name, type: 'text' })
const integer = (name: string): TableColumnOptions => ({ name, type: 'integer' })
const primary = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isPrimary: true })
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true })

/** Routed orders with their intents, promises and reservations; stock nodes and their figures. */
export class Routing1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name)
  }
}

const TABLES: readonly Table[] = [
  new Table({
    name: 'routed_order',
    columns: [
      primary(id('order_id')),
      id('company'),
      text('state', 16),
      json('lines'),
      json('shortages'),
      optional(text('paid_at', 24)),
      optional(json('decision')),
      integer('version')
    ]
  }),
  new Table({
    name: 'intent',
    columns: [
      primary(id('order_id')),
      primary(integer('ordinal')),
      id('company'),
      text('code', 32),
      { name: 'confidence', type: 'double' },
      json('span'),
      optional(text('date', 10)),
      optional(json('carriers')),
      text('model', 32)
    ]
  }),
  new Table({
    name: 'order_promise',
    columns: [
      primary(id('order_id')),
      primary(integer('revision')),
      id('company'),
      text('promised_from', 24),
      text('promised_to', 24),
      json('basis'),
      optional(text('reason', 64)),
      text('made_at', 24)
    ]
  }),
  new Table({
    name: 'production_promise',
    columns: [primary(id('production_order_id')), id('order_id'), id('sku'), text('promised_day', 10)],
    indices: [{ name: 'production_promise_by_order', columnNames: ['order_id'] }]
  }),
  new Table({
    name: 'fulfillment_order',
    columns: [primary(id('id')), id('company'), id('order_id'), id('node_id'), text('status', 16)],
    indices: [{ name: 'fulfillment_order_by_order', columnNames: ['order_id'] }]
  }),
  new Table({
    name: 'fulfillment_line',
    columns: [
      primary(id('fulfillment_order_id')),
      primary(id('line_id')),
      id('company'),
      id('sku'),
      integer('quantity'),
      optional(id('supplier_id'))
    ]
  }),
  new Table({
    name: 'stock_node',
    columns: [primary(id('company')), primary(id('id')), text('name', 255), text('kind', 16), optional(id('region'))]
  }),
  new Table({
    name: 'stock_level',
    columns: [
      primary(id('id')),
      id('company'),
      id('node_id'),
      id('sku'),
      optional(id('region')),
      integer('on_hand'),
      integer('reserved'),
      id('source'),
      text('occurred_at', 24),
      text('updated_at', 24),
      integer('version')
    ],
    indices: [
      { name: 'stock_level_by_sku', columnNames: ['company', 'sku', 'node_id'], isUnique: true },
      { name: 'stock_level_by_node', columnNames: ['company', 'node_id'] }
    ]
  })
]
