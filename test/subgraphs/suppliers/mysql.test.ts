import { describeMysql, dropSchemas, mysqlUrl } from '../../support/mysql.ts'
import { acknowledge, BEARING, only, orderSubmitted, short, startSuppliers } from './given.ts'

describeMysql('suppliers over MySQL', () => {
  test('trigger, acknowledge once, import twice and count', async () => {
    const url = await mysqlUrl('suppliers')
    try {
      await using t = await startSuppliers({ url })
      expect(await t.room.importBoms([BEARING])).toEqual({ created: 0, changed: 0, unchanged: 1 })
      const lines = [{ quantity: 3, unitPrice: 1050 }]
      await t.append(
        ...Array.from({ length: 6 }, (_, i) => orderSubmitted(`ord_${i}`, { lines })),
        short('ord_1'),
        short('ord_1')
      )
      const { id, bom } = await only(t)
      expect(bom).toHaveLength(3)

      const promise = { productionOrderId: id, promisedDate: '2026-03-09', quantity: 10 }
      const answers = await Promise.all([acknowledge(t, promise), acknowledge(t, promise), acknowledge(t, promise)])
      expect(answers.filter(answer => answer.userErrors.length === 0)).toHaveLength(1)
      expect(await t.logEvents({ types: ['production-order.acknowledged'] })).toHaveLength(1)

      const acme = t.access({ read: { OrderStatistics: [{ supplierIds: ['acme-bearings'] }] } })
      const { data } = await t.execute(
        `{ orderStatistics(by: [REGION, DAY, CHANNEL, CATEGORY], from: "2026-03-01", to: "2026-03-31") {
          cells { region day channel category orders units amount { amount } } withheldCells } }`,
        {},
        acme
      )
      const cell = {
        region: 'Shanghai',
        day: '2026-03-01',
        channel: 'TAOBAO',
        category: 'UNKNOWN',
        orders: 6,
        units: 18
      }
      expect(data).toEqual({
        orderStatistics: { cells: [{ ...cell, amount: { amount: '189.00' } }], withheldCells: 0 }
      })
    } finally {
      await dropSchemas(url)
    }
  })
})
