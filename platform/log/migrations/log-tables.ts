import { randomUUID } from 'node:crypto'
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { columnTypes } from '../../database/dialect.ts'

/** The log: its events, and the one row that appends are put in order by. */
export class LogTables1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { serial, longText } = columnTypes(runner)
    await runner.createTable(
      new Table({
        name: 'log_head',
        columns: [
          { name: 'id', type: 'integer', isPrimary: true },
          { name: 'epoch', type: 'varchar', length: '64' },
          { name: 'position', type: 'bigint' },
          { name: 'trimmed', type: 'bigint' }
        ]
      })
    )
    await runner.createTable(
      new Table({
        name: 'log_event',
        columns: [
          { name: 'position', type: serial, isPrimary: true },
          { name: 'id', type: 'varchar', length: '64' },
          { name: 'company', type: 'varchar', length: '64' },
          { name: 'type', type: 'varchar', length: '64' },
          { name: 'order_id', type: 'varchar', length: '64', isNullable: true },
          { name: 'recorded_at', type: 'varchar', length: '24' },
          { name: 'body', type: longText }
        ],
        indices: [
          { name: 'log_event_id', columnNames: ['id'], isUnique: true },
          { name: 'log_event_order', columnNames: ['order_id', 'position'] },
          { name: 'log_event_type', columnNames: ['type', 'position'] }
        ]
      })
    )
    await runner.query('INSERT INTO log_head (id, epoch, position, trimmed) VALUES (1, ?, 0, 0)', [randomUUID()])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('log_event')
    await runner.dropTable('log_head')
  }
}
