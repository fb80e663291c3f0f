import { health } from '../../../subgraphs/health/subgraph.ts'
import { describeMysql, dropSchemas, mysqlUrl } from '../../support/mysql.ts'
import { startTestRoom } from '../../support/room.ts'

describeMysql('health on MySQL', () => {
  it('takes reports and measures as on SQLite', async () => {
    const url = await mysqlUrl('health')
    const test = await startTestRoom(health, { url, now: '2026-03-01T12:00:00.000Z' })
    try {
      await test.append({
        type: 'order.submitted',
        aggregate: { type: 'order', id: 'o1' },
        at: '2026-03-01T08:00:00.000Z',
        data: { from: null, to: 'AWAITING_PAYMENT', backfill: false }
      })
      const input = {
        idempotencyKey: 'k',
        system: 'wms',
        orderId: 'o1',
        status: '待支付',
        occurredAt: '2026-03-01T11:55:00Z'
      }
      await test.execute(
        'mutation($input: ReportStatusInput!) { reportStatus(input: $input) { userErrors { code } } }',
        { input }
      )
      await test.settled()
      const { data, errors } = await test.execute<{ pulse: unknown }>(
        '{ pulse(window: "PT6H") { metrics { id value n } } }'
      )
      expect(errors).toBeUndefined()
      expect(data?.pulse).toMatchObject({
        metrics: expect.arrayContaining([
          { id: 'DATA_FRESHNESS', value: 5, n: 1 },
          { id: 'STATUS_CONSISTENCY', value: 100, n: 1 },
          { id: 'CUSTOMER_INTERVENTION', value: 0, n: 1 }
        ])
      })
    } finally {
      await test[Symbol.asyncDispose]()
      await dropSchemas(url)
    }
  })
})
