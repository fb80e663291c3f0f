import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'

/** Returns, their lines, and the room's copy of the order lines that they are about. */
export class Returns1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'returns',
        columns: [
          { name: 'id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'company', type: 'varchar', length: '64' },
          { name: 'order_id', type: 'varchar', length: '64' },
          { name: 'reason', type: 'varchar', length: '32' },
          { name: 'note', type: 'text', isNullable: true },
          { name: 'status', type: 'varchar', length: '16' },
          { name: 'refusal_reason', type: 'text', isNullable: true },
          { name: 'decline_reason', type: 'text', isNullable: true },
          { name: 'requested_at', type: 'varchar', length: '24' },
          { name: 'version', type: 'integer' }
        ],
        indices: [{ name: 'returns_by_order', columnNames: ['order_id'] }]
      })
    )
    await runner.createTable(
      new Table({
        name: 'return_line',
        columns: [
          { name: 'return_id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'line_id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'company', type: 'varchar', length: '64' },
          { name: 'supplier_id', type: 'varchar', length: '64', isNullable: true },
          { name: 'quantity', type: 'integer' }
        ],
        indices: [{ name: 'return_line_by_supplier', columnNames: ['supplier_id'] }]
      })
    )
    await runner.createTable(
      new Table({
        name: 'order_line',
        columns: [
          { name: 'order_id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'line_id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'company', type: 'varchar', length: '64' },
          { name: 'supplier_id', type: 'varchar', length: '64', isNullable: true },
          { name: 'quantity', type: 'integer' },
          { name: 'coming_back', type: 'integer' }
        ]
      })
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['order_line', 'return_line', 'returns']) await runner.dropTable(name)
  }
}
