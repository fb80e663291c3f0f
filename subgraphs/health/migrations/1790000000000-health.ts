import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm'

const id = (name: string): TableColumnOptions => ({ name, type: 'varchar', length: '64' })
const instant = (name: string): TableColumnOptions => ({ name, type: 'varchar', length: '24' })
const primary = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isPrimary: true })
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true })

const TABLES: readonly Table[] = [
  new Table({
    name: 'order_pulse',
    columns: [
      primary(id('order_id')),
      id('company'),
      { name: 'backfill', type: 'boolean' },
      optional(instant('placed_at')),
      optional(instant('paid_at')),
      optional(instant('routed_at')),
      optional(id('strategy')),
      optional(instant('short_at')),
      { name: 'open_skus', type: 'text' },
      optional(instant('cleared_at')),
      optional(instant('shipped_at')),
      optional(instant('cancelled_at')),
      optional(id('cancelled_by'))
    ],
    indices: [
      { name: 'order_pulse_by_placed_at', columnNames: ['company', 'placed_at'] },
      { name: 'order_pulse_by_shipped_at', columnNames: ['company', 'shipped_at'] },
      { name: 'order_pulse_by_short_at', columnNames: ['company', 'short_at'] },
      { name: 'order_pulse_by_cancelled_at', columnNames: ['company', 'cancelled_at'] }
    ]
  }),
  new Table({
    name: 'order_status',
    columns: [
      primary(id('order_id')),
      primary({ name: 'version', type: 'integer' }),
      { name: 'code', type: 'integer' },
      instant('at')
    ]
  }),
  new Table({
    name: 'feed_report',
    columns: [primary(id('event_id')), id('company'), id('source'), instant('occurred_at'), instant('available_at')],
    indices: [{ name: 'feed_report_by_available_at', columnNames: ['company', 'available_at'] }]
  }),
  new Table({
    name: 'status_report',
    columns: [
      primary(id('id')),
      id('company'),
      id('order_id'),
      id('system'),
      id('status'),
      { name: 'status_code', type: 'integer' },
      instant('occurred_at'),
      instant('received_at')
    ],
    indices: [
      {
        name: 'status_report_once',
        columnNames: ['order_id', 'occurred_at', 'system', 'status', 'company'],
        isUnique: true
      },
      { name: 'status_report_by_occurred_at', columnNames: ['company', 'occurred_at'] }
    ]
  })
]

/** The pulse's read model of the log, and what source systems say of orders. */
export class Health1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name)
  }
}
