import type { RowScope } from '../../../platform/scope/scope.ts'
import { mutate, orderAnswered, orderSubmitted, read, requested, startReturns } from './given.ts'

const sees = (scopes: readonly RowScope[]) => ({ Return: scopes, ReturnLine: scopes, Order: scopes })

const BOTH = [
  { lineId: 'ord_1-a', quantity: 1 },
  { lineId: 'ord_1-b', quantity: 1 }
]

describe('who sees a return', () => {
  test('a supplier sees the returns of its own lines, and of them its own lines only', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const acme = t.access({ read: sees([{ supplierIds: ['acme-bearings'] }]) })
    const orient = t.access({ read: sees([{ supplierIds: ['orient-filters'] }]) })
    const alone = await requested(t, { lines: [{ lineId: 'ord_1-a', quantity: 1 }] })
    const both = await requested(t, { lines: BOTH })
    expect(await read(t, alone.id, acme)).toMatchObject({ lines: [{ lineId: 'ord_1-a', quantity: 1 }] })
    expect(await read(t, alone.id, orient)).toBeNull()
    expect(await read(t, both.id, orient)).toMatchObject({ lines: [{ lineId: 'ord_1-b', quantity: 1 }] })

    const list = '{ returns { totalCount nodes { id lines { lineId } } } }'
    const { data } = await t.execute<{ returns: unknown }>(list, {}, orient)
    expect(data?.returns).toEqual({ totalCount: 1, nodes: [{ id: both.id, lines: [{ lineId: 'ord_1-b' }] }] })
  })

  test('an order reached from elsewhere shows only the returns in scope', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted(), orderSubmitted('ord_2'))
    const first = await requested(t, { lines: [{ lineId: 'ord_1-a', quantity: 1 }] })
    const second = await requested(t, { lines: [{ lineId: 'ord_1-b', quantity: 1 }] })
    const representations = ['ord_1', 'ord_2'].map(id => ({ __typename: 'Order', id }))
    const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Order { id returns { id } } } }`
    const all = await t.execute(entities, { representations })
    const ids = [{ id: first.id }, { id: second.id }].sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(all.data).toEqual({
      _entities: [
        { id: 'ord_1', returns: ids },
        { id: 'ord_2', returns: [] }
      ]
    })
    const acme = t.access({ read: sees([{ supplierIds: ['acme-bearings'] }]) })
    const some = await t.execute(entities, { representations }, acme)
    expect(some.data).toMatchObject({ _entities: [{ returns: [{ id: first.id }] }, { returns: [] }] })
  })

  test('a reference outside scope is null, and rows say which scopes they met', async () => {
    await using t = await startReturns()
    await t.append(
      orderSubmitted(),
      orderSubmitted('ord_2', { keys: { orderId: 'ord_2', channel: 'JD', supplierIds: [] } })
    )
    const taobao = await requested(t, { lines: BOTH })
    const jd = await requested(t, { orderId: 'ord_2', lines: [{ lineId: 'ord_2-a', quantity: 1 }] })
    const entities = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on Return { id metScopes lines { lineId metScopes } } } }`
    const representations = [taobao.id, jd.id, 'ret_none'].map(id => ({ __typename: 'Return', id }))
    const access = t.access({
      read: sees([{ channel: ['WECHAT'] }, { channel: ['TAOBAO'] }, { supplierIds: ['acme-bearings'] }])
    })
    const { data, errors } = await t.execute(entities, { representations }, access)
    expect(errors).toBeUndefined()
    expect(data).toEqual({
      _entities: [
        {
          id: taobao.id,
          metScopes: 0b110,
          lines: [
            { lineId: 'ord_1-a', metScopes: 0b110 },
            { lineId: 'ord_1-b', metScopes: 0b010 }
          ]
        },
        { id: jd.id, metScopes: 0b100, lines: [{ lineId: 'ord_2-a', metScopes: 0b100 }] },
        null
      ]
    })
  })

  test('without a scope, or in another company, nothing is there', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const { id } = await requested(t)
    for (const access of [t.access({ read: {} }), t.access({ company: 'other' })]) {
      expect(await read(t, id, access)).toBeNull()
      const { data } = await t.execute('{ returns { totalCount nodes { id } } }', {}, access)
      expect(data).toEqual({ returns: { totalCount: 0, nodes: [] } })
    }
  })
})

describe('who may change a return', () => {
  test('what is readable but not writable is OUT_OF_SCOPE, what is not readable is NOT_FOUND', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const { id } = await requested(t)
    await t.append(orderAnswered('accepted', id))
    const write = { Return: [{ channel: ['JD'] }] }
    const reader = await mutate(t, 'approveReturn', { returnId: id }, t.access({ write }))
    expect(reader).toMatchObject({ return: null, userErrors: [{ code: 'OUT_OF_SCOPE' }] })
    const stranger = await mutate(t, 'approveReturn', { returnId: id }, t.access({ write, read: {} }))
    expect(stranger).toMatchObject({ return: null, userErrors: [{ code: 'NOT_FOUND' }] })
    expect(await read(t, id)).toMatchObject({ status: 'REQUESTED' })
  })

  test('a return cannot be asked for outside the write scope', async () => {
    await using t = await startReturns()
    await t.append(orderSubmitted())
    const lines = [{ lineId: 'ord_1-a', quantity: 1 }]
    const ask = (write: readonly RowScope[], read: readonly RowScope[]) =>
      mutate(
        t,
        'requestReturn',
        { orderId: 'ord_1', lines, reason: 'OTHER' },
        t.access({ write: sees(write), read: sees(read) })
      )
    expect((await ask([{ customerId: ['cus_2'] }], [])).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    expect((await ask([{ customerId: ['cus_2'] }], [{}])).userErrors).toMatchObject([{ code: 'OUT_OF_SCOPE' }])
    expect((await ask([{ customerId: ['cus_1'] }], [{ customerId: ['cus_1'] }])).return).toMatchObject({
      status: 'PENDING'
    })
  })
})

test('lists by filter, page by page, forwards and backwards', async () => {
  await using t = await startReturns()
  await t.append(orderSubmitted(), orderSubmitted('ord_2'))
  const ids: string[] = []
  for (const orderId of ['ord_1', 'ord_2']) {
    for (const line of ['a', 'b']) {
      ids.push((await requested(t, { orderId, lines: [{ lineId: `${orderId}-${line}`, quantity: 1 }] })).id)
    }
  }
  await t.append(orderAnswered('accepted', ids[0] ?? ''))
  const page = `query ($first: Int, $after: String, $last: Int, $filter: ReturnFilter) {
    returns(first: $first, after: $after, last: $last, filter: $filter) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`
  interface Page {
    readonly returns: {
      totalCount: number
      nodes: { id: string }[]
      pageInfo: { hasNextPage: boolean; endCursor: string }
    }
  }
  const get = async (variables: Record<string, unknown>) => {
    const { data } = await t.execute<Page>(page, variables)
    if (!data) throw new Error('no page')
    return data.returns
  }
  const one = await get({ first: 3 })
  const two = await get({ first: 3, after: one.pageInfo.endCursor })
  expect([...one.nodes, ...two.nodes].map(node => node.id)).toEqual([...ids].sort())
  expect([one.pageInfo.hasNextPage, two.pageInfo.hasNextPage, one.totalCount]).toEqual([true, false, 4])
  expect((await get({ last: 1 })).nodes).toEqual(two.nodes)
  expect((await get({ filter: { orderId: 'ord_2' } })).nodes.map(node => node.id)).toEqual(ids.slice(2).sort())
  expect((await get({ filter: { status: ['REQUESTED', 'APPROVED'] } })).nodes).toEqual([{ id: ids[0] }])
  expect((await get({ filter: { status: [] } })).nodes).toEqual([])
})
