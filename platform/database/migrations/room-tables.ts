import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm'
import { columnTypes } from '../dialect.ts'

const id = (name: string, over: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: '64',
  ...over
})
const key = (name: string) => id(name, { isPrimary: true })
const nullable = (name: string) => id(name, { isNullable: true })
const at = (name: string): TableColumnOptions => ({ name, type: 'varchar', length: '24' })

/** The tables that every room has beside its own: how it speaks, how it listens, and what it knows of everybody's orders. */
export class RoomTables1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { serial, longText } = columnTypes(runner)
    const tables = [
      new Table({
        name: 'outbox',
        columns: [
          { name: 'seq', type: serial, isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
          id('id'),
          id('company'),
          { name: 'body', type: longText },
          { name: 'position', type: 'bigint', isNullable: true },
          nullable('epoch')
        ],
        indices: [
          { name: 'outbox_id', columnNames: ['id'], isUnique: true },
          { name: 'outbox_unsent', columnNames: ['position', 'seq'] }
        ]
      }),
      new Table({
        name: 'reader_offset',
        columns: [key('name'), { name: 'position', type: 'bigint' }, id('epoch')]
      }),
      new Table({
        name: 'reader_inbox',
        columns: [key('reader'), key('event_id'), { name: 'position', type: 'bigint' }],
        indices: [{ name: 'reader_inbox_position', columnNames: ['reader', 'position'] }]
      }),
      new Table({
        name: 'dead_letter',
        columns: [
          key('reader'),
          key('event_id'),
          id('company'),
          id('type'),
          { name: 'position', type: 'bigint' },
          { name: 'body', type: longText },
          { name: 'error', type: 'text' },
          at('at')
        ]
      }),
      new Table({
        name: 'idempotency',
        columns: [
          key('company'),
          key('consumer'),
          key('operation'),
          key('key'),
          id('input'),
          { name: 'outcome', type: longText, isNullable: true },
          { name: 'events', type: longText },
          at('at')
        ],
        indices: [{ name: 'idempotency_at', columnNames: ['at'] }]
      }),
      new Table({
        name: 'order_shadow',
        columns: [
          key('order_id'),
          id('company'),
          nullable('channel'),
          nullable('customer_id'),
          nullable('region'),
          nullable('carrier'),
          { name: 'version', type: 'integer' }
        ],
        indices: [{ name: 'order_shadow_customer', columnNames: ['customer_id'] }]
      }),
      new Table({
        name: 'order_shadow_supplier',
        columns: [key('order_id'), key('supplier_id')],
        indices: [{ name: 'order_shadow_supplier_by_supplier', columnNames: ['supplier_id', 'order_id'] }]
      })
    ]
    for (const table of tables) await runner.createTable(table)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.dropTable(table)
  }
}

const TABLES = [
  'order_shadow_supplier',
  'order_shadow',
  'idempotency',
  'dead_letter',
  'reader_inbox',
  'reader_offset',
  'outbox'
]
