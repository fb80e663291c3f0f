import { describeMysql, dropSchemas, mysqlUrl } from '../../support/mysql.ts'
import { mutate, orderAnswered, orderSubmitted, read, requested, startReturns } from './given.ts'

describeMysql('returns over MySQL', () => {
  test('take requests, answers and races under row locks', async () => {
    const url = await mysqlUrl('returns')
    try {
      await using t = await startReturns({ url })
      await t.append(orderSubmitted())
      const lines = [
        { lineId: 'ord_1-b', quantity: 1 },
        { lineId: 'ord_1-a', quantity: 2 }
      ]
      const ask = (i: number) =>
        mutate(t, 'requestReturn', { orderId: 'ord_1', lines: i % 2 ? lines : lines.toReversed(), reason: 'UNWANTED' })
      const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => ask(i)))
      const rows = answers.flatMap(answer => answer.return ?? [])
      expect(rows).toHaveLength(1)
      const id = rows[0]?.id ?? ''

      await t.append(orderAnswered('accepted', id))
      const steps = await Promise.all([
        mutate(t, 'approveReturn', { returnId: id }),
        mutate(t, 'declineReturn', { returnId: id })
      ])
      expect(steps.flatMap(step => step.userErrors.map(error => error.code))).toEqual(['INVALID_TRANSITION'])
      const versions = (await t.logEvents()).filter(event => event.aggregate.id === id).map(event => event.version)
      expect(versions).toEqual([1, 2, 3])

      const acme = t.access({
        read: { Return: [{ supplierIds: ['acme-bearings'] }], ReturnLine: [{ supplierIds: ['acme-bearings'] }] }
      })
      expect(await read(t, id, acme)).toMatchObject({ version: 3, lines: [{ lineId: 'ord_1-a', quantity: 2 }] })
      expect(await requested(t, { lines: [{ lineId: 'ord_1-a', quantity: 1 }] })).toMatchObject({ status: 'PENDING' })
    } finally {
      await dropSchemas(url)
    }
  })
})
