import { mutate, orderAnswered, orderSubmitted, read, requested, startReturns } from './given.ts'

describe('the conversation of returns with orders', () => {
  test('a request is PENDING and asks orders through the log', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const row = await requested(t, { note: '轴承有异响' })
    expect(row).toMatchObject({
      order: { id: 'ord_1' },
      lines: [{ lineId: 'ord_1-a', quantity: 2 }],
      reason: 'DEFECTIVE',
      note: '轴承有异响',
      status: 'PENDING',
      requestedAt: '2026-03-02T01:00:00.000Z',
      version: 1
    })
    const [event] = await t.logEvents({ types: ['return.requested'] })
    expect(event).toMatchObject({
      source: 'returns',
      aggregate: { type: 'return', id: row.id },
      version: 1,
      at: '2026-03-02T01:00:00.000Z',
      keys: { company: 'demo', orderId: 'ord_1', channel: 'TAOBAO', customerId: 'cus_1', region: 'Shanghai' },
      data: { returnId: row.id, orderId: 'ord_1', from: null, to: 'PENDING', lines: row.lines }
    })
    expect(JSON.stringify(event)).not.toContain('轴承')
  })

  test('an accepted request is opened, once however often the answer comes', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const { id } = await requested(t)
    const answer = { ...orderAnswered('accepted', id), id: 'evt_answer' }
    await t.append(answer)
    await t.append(answer, orderAnswered('accepted', id), orderAnswered('refused', id, { reason: 'too late' }))
    expect(await read(t, id)).toMatchObject({ status: 'REQUESTED', version: 2, refusalReason: null })
    const said = await t.logEvents({ types: ['return.opened', 'return.refused'] })
    expect(said.map(event => [event.type, event.version, event.data['from'], event.data['to']])).toEqual([
      ['return.opened', 2, 'PENDING', 'REQUESTED']
    ])
    expect(await t.parked()).toEqual([])
  })

  test('a refused request says why and gives its lines back', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const { id } = await requested(t, { lines: [{ lineId: 'ord_1-a', quantity: 3 }] })
    await t.append(orderAnswered('refused', id, { reason: 'the order is cancelled' }))
    expect(await read(t, id)).toMatchObject({ status: 'REFUSED', refusalReason: 'the order is cancelled', version: 2 })
    const [event] = await t.logEvents({ types: ['return.refused'] })
    expect(event).toMatchObject({ version: 2, data: { returnId: id, reason: 'the order is cancelled' } })
    expect(await requested(t, { lines: [{ lineId: 'ord_1-a', quantity: 3 }] })).toMatchObject({ status: 'PENDING' })
  })

  test('an answer about a return that this room never asked changes nothing', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    await t.append(orderAnswered('accepted', 'ret_unknown'))
    expect(await t.logEvents({ types: ['return.opened'] })).toEqual([])
    expect(await t.parked()).toEqual([])
  })

  test('the whole way: approved, received, each step a gapless version in the log', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const { id } = await requested(t)
    await t.append(orderAnswered('accepted', id))
    const approved = await mutate(t, 'approveReturn', { returnId: id, expectedVersion: 2 })
    expect(approved).toMatchObject({ return: { status: 'APPROVED', version: 3 }, userErrors: [] })
    expect(approved.position).toBe(await t.log.head())
    const received = await mutate(t, 'receiveReturn', { returnId: id })
    expect(received).toMatchObject({ return: { status: 'RECEIVED', version: 4 }, userErrors: [] })
    const events = (await t.logEvents({ orderId: 'ord_1' })).filter(event => event.aggregate.type === 'return')
    expect(events.map(event => [event.type, event.version])).toEqual([
      ['return.requested', 1],
      ['return.opened', 2],
      ['return.approved', 3],
      ['return.received', 4]
    ])
  })
})
