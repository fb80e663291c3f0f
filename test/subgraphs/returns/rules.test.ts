import { mutate, orderAnswered, orderSubmitted, type PayloadData, read, requested, startReturns } from './given.ts'

const codes = ({ userErrors }: PayloadData) => userErrors.map(({ code, path }) => [code, path?.join('.')])

describe('what may be asked back', () => {
  test('refuses a return of an order that nobody has heard of', async () => {
    await using t = await startReturns()
    const answer = await mutate(t, 'requestReturn', {
      orderId: 'ord_9',
      lines: [{ lineId: 'x', quantity: 1 }],
      reason: 'OTHER'
    })
    expect(codes(answer)).toEqual([['NOT_FOUND', 'input.orderId']])
    expect(answer.return).toBeNull()
    expect(await t.logEvents()).toEqual([])
  })

  test.each([
    ['no lines', [], [['NO_LINES', 'input.lines']]],
    ['a quantity of none', [{ lineId: 'ord_1-a', quantity: 0 }], [['INVALID_QUANTITY', 'input.lines.0.quantity']]],
    ['a line of another order', [{ lineId: 'ord_2-a', quantity: 1 }], [['UNKNOWN_LINE', 'input.lines.0.lineId']]],
    ['more than was ordered', [{ lineId: 'ord_1-a', quantity: 4 }], [['QUANTITY_EXCEEDED', 'input.lines.0.quantity']]],
    [
      'the same line twice',
      [
        { lineId: 'ord_1-a', quantity: 1 },
        { lineId: 'ord_1-a', quantity: 1 }
      ],
      [['DUPLICATE_LINE', 'input.lines.1.lineId']]
    ]
  ])('refuses %s', async (_, lines, expected) => {
    await using t = await startReturns()
    await t.append(orderSubmitted(), orderSubmitted('ord_2'))
    expect(codes(await mutate(t, 'requestReturn', { orderId: 'ord_1', lines, reason: 'OTHER' }))).toEqual(expected)
    expect(await t.logEvents({ types: ['return.requested'] })).toEqual([])
  })

  test('lists by a status that is said many times as if it were said once', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    await requested(t)
    const { data, errors } = await t.execute(
      'query ($filter: ReturnFilter) { returns(filter: $filter) { totalCount } }',
      {
        filter: { status: Array(40_000).fill('PENDING') }
      }
    )
    expect(errors).toBeUndefined()
    expect(data).toEqual({ returns: { totalCount: 1 } })
  })

  test('refuses the same quantity asked twice, and says in the caller’s language how much is left', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    await requested(t)
    const again = { orderId: 'ord_1', lines: [{ lineId: 'ord_1-a', quantity: 2 }], reason: 'DEFECTIVE' }
    const en = await mutate(t, 'requestReturn', again)
    expect(codes(en)).toEqual([['QUANTITY_EXCEEDED', 'input.lines.0.quantity']])
    expect(en.userErrors[0]?.message).toContain('Only 1 of the 3')
    const zh = await mutate(t, 'requestReturn', again, t.access({ language: 'zh' }))
    expect(zh.userErrors[0]?.message).toContain('仅剩 1 件可退')
    expect(await requested(t, { lines: [{ lineId: 'ord_1-a', quantity: 1 }] })).toMatchObject({ status: 'PENDING' })
  })

  test('of many requests at once for the last pieces one wins', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const lines = [{ lineId: 'ord_1-a', quantity: 2 }]
    const ask = () => mutate(t, 'requestReturn', { orderId: 'ord_1', lines, reason: 'UNWANTED' })
    const answers = await Promise.all(Array.from({ length: 8 }, ask))
    expect(answers.filter(answer => answer.return !== null)).toHaveLength(1)
    expect(answers.flatMap(codes).map(([code]) => code)).toEqual(Array(7).fill('QUANTITY_EXCEEDED'))
    expect(await t.logEvents({ types: ['return.requested'] })).toHaveLength(1)
  })

  test('refuses a note that is too long', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const lines = [{ lineId: 'ord_1-a', quantity: 1 }]
    const answer = await mutate(t, 'requestReturn', {
      orderId: 'ord_1',
      lines,
      reason: 'OTHER',
      note: 'x'.repeat(2001)
    })
    expect(codes(answer)).toEqual([['TEXT_TOO_LONG', 'input.note']])
  })
})

describe('the steps of a return', () => {
  test('refuses every step while the order has not answered, naming what is allowed', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const { id } = await requested(t)
    for (const step of ['approveReturn', 'declineReturn', 'receiveReturn'] as const) {
      const answer = await mutate(t, step, { returnId: id })
      expect(codes(answer)).toEqual([['INVALID_TRANSITION', 'input.returnId']])
      expect(answer.userErrors[0]?.message).toContain('Allowed now: none')
    }
    await t.append(orderAnswered('accepted', id))
    const early = await mutate(t, 'receiveReturn', { returnId: id })
    expect(early.userErrors[0]?.message).toContain('Allowed now: approveReturn, declineReturn')
    expect(await read(t, id)).toMatchObject({ status: 'REQUESTED', version: 2 })
  })

  test('a declined return keeps what the buyer was told out of the log, and its lines can be asked for again', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const { id } = await requested(t, { lines: [{ lineId: 'ord_1-a', quantity: 3 }] })
    await t.append(orderAnswered('accepted', id))
    const declined = await mutate(t, 'declineReturn', { returnId: id, reason: 'Mr Wang wore it' })
    expect(declined).toMatchObject({ return: { status: 'DECLINED', declineReason: 'Mr Wang wore it', version: 3 } })
    expect(JSON.stringify(await t.logEvents())).not.toContain('Wang')
    expect(codes(await mutate(t, 'approveReturn', { returnId: id }))).toEqual([
      ['INVALID_TRANSITION', 'input.returnId']
    ])
    expect(await requested(t, { lines: [{ lineId: 'ord_1-a', quantity: 3 }] })).toMatchObject({ status: 'PENDING' })
  })

  test('refuses a change of what has changed since it was read', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const { id } = await requested(t)
    await t.append(orderAnswered('accepted', id))
    const answer = await mutate(t, 'approveReturn', { returnId: id, expectedVersion: 1 })
    expect(codes(answer)).toEqual([['VERSION_CONFLICT', 'input.expectedVersion']])
  })

  test('of approval and decline at once one wins', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const { id } = await requested(t)
    await t.append(orderAnswered('accepted', id))
    const answers = await Promise.all([
      mutate(t, 'approveReturn', { returnId: id, expectedVersion: 2 }),
      mutate(t, 'declineReturn', { returnId: id, expectedVersion: 2 })
    ])
    expect(answers.flatMap(codes)).toEqual([['VERSION_CONFLICT', 'input.expectedVersion']])
    const steps = await t.logEvents({ types: ['return.approved', 'return.declined'] })
    expect(steps.map(event => event.version)).toEqual([3])
  })
})

describe('the same call again', () => {
  const call = (t: Parameters<typeof mutate>[0], quantity: number) =>
    mutate(t, 'requestReturn', {
      idempotencyKey: 'once',
      orderId: 'ord_1',
      lines: [{ lineId: 'ord_1-a', quantity }],
      reason: 'OTHER'
    })

  test('gets the same return and asks orders once', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const answers = await Promise.all([call(t, 1), call(t, 1), call(t, 1)])
    const ids = new Set(answers.map(answer => answer.return?.id))
    expect(ids.size).toBe(1)
    expect((await call(t, 1)).return?.id).toBe([...ids][0])
    expect(await t.logEvents({ types: ['return.requested'] })).toHaveLength(1)
  })

  test('is refused with another input', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    await call(t, 1)
    expect(codes(await call(t, 2))).toEqual([['IDEMPOTENCY_MISMATCH', 'input.idempotencyKey']])
  })
})
