import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm'

const id = (name: string): TableColumnOptions => ({ name, type: 'varchar', length: '64' })
const text = (name: string, length: number): TableColumnOptions => ({ name, type: 'varchar', length: String(length) })
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true })
const primary = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isPrimary: true })

export class Orders1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'orders',
        columns: [
          primary(id('id')),
          id('company'),
          text('number', 64),
          text('channel', 16),
          optional(text('external_id', 128)),
          id('customer_id'),
          { name: 'supplier_ids', type: 'text' },
          optional(id('region')),
          optional(id('carrier')),
          { name: 'total_minor', type: 'bigint' },
          { name: 'total_known', type: 'boolean' },
          text('currency', 3),
          { name: 'note', type: 'text', isNullable: true },
          { name: 'ship_to', type: 'text', isNullable: true },
          { name: 'preferences', type: 'text', isNullable: true },
          text('placed_at', 24),
          { name: 'regions', type: 'text' },
          text('status', 20),
          optional(text('cancel_reason', 500)),
          { name: 'version', type: 'integer' },
          optional(text('import_hash', 64))
        ],
        indices: [
          // Of the channel, not the company: else one channel's partner could probe or squat the numbers of another.
          { name: 'orders_once_by_number', columnNames: ['company', 'channel', 'number'], isUnique: true },
          { name: 'orders_by_number', columnNames: ['company', 'number', 'id'] },
          { name: 'orders_by_external_id', columnNames: ['company', 'channel', 'external_id'], isUnique: true },
          { name: 'orders_by_placed_at', columnNames: ['company', 'placed_at', 'id'] },
          { name: 'orders_by_status', columnNames: ['company', 'status', 'placed_at'] },
          { name: 'orders_by_customer', columnNames: ['company', 'customer_id', 'placed_at'] },
          { name: 'orders_by_total', columnNames: ['company', 'total_minor', 'id'] }
        ]
      })
    )
    await runner.createTable(
      new Table({
        name: 'order_lines',
        columns: [
          primary(id('id')),
          id('order_id'),
          { name: 'position', type: 'integer' },
          id('sku'),
          text('name', 255),
          { name: 'quantity', type: 'integer' },
          { name: 'unit_price_minor', type: 'bigint' },
          text('currency', 3),
          optional(id('supplier_id'))
        ],
        indices: [
          { name: 'order_lines_by_order', columnNames: ['order_id', 'position'], isUnique: true },
          { name: 'order_lines_by_supplier', columnNames: ['supplier_id', 'order_id'] }
        ]
      })
    )
    await runner.createTable(
      new Table({
        name: 'order_history',
        columns: [
          primary(id('order_id')),
          primary({ name: 'version', type: 'integer' }),
          text('at', 24),
          text('status', 20),
          text('event', 64),
          id('actor')
        ]
      })
    )
    await runner.createTable(
      new Table({
        name: 'customers',
        columns: [
          primary(id('id')),
          id('company'),
          text('channel', 16),
          text('external_id', 128),
          optional(text('name', 255)),
          optional(text('phone', 64)),
          optional(id('region')),
          optional(text('city', 128))
        ],
        indices: [
          { name: 'customers_by_external_id', columnNames: ['company', 'channel', 'external_id'], isUnique: true }
        ]
      })
    )
    await runner.createTable(
      new Table({
        name: 'products',
        columns: [
          primary(id('company')),
          primary(id('sku')),
          text('name', 255),
          optional(text('category', 64)),
          { name: 'weight_grams', type: 'integer', isNullable: true }
        ]
      })
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['products', 'customers', 'order_history', 'order_lines', 'orders'])
      await runner.dropTable(table)
  }
}
