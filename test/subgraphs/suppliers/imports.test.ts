import { findCycle } from '../../../subgraphs/suppliers/bom-cycle.ts'
import { BEARING, only, orderSubmitted, type SuppliersRoom, short, startSuppliers } from './given.ts'

const all = async (t: SuppliersRoom) => {
  const { data } = await t.execute<{ suppliers: { nodes: object[] } }>('{ suppliers { nodes { id name stage } } }')
  return data?.suppliers.nodes
}

describe('importing suppliers', () => {
  test('twice changes nothing', async () => {
    await using t = await startSuppliers()
    const list = Array.from({ length: 450 }, (_, i) => ({ id: `s${i}`, name: `Supplier ${i}` }))
    expect(await t.room.importSuppliers(list)).toEqual({ created: 450, changed: 0, unchanged: 0 })
    expect(await t.room.importSuppliers(list)).toEqual({ created: 0, changed: 0, unchanged: 450 })
  })

  test('says what changed, and leaves a stage that is not named as it is', async () => {
    await using t = await startSuppliers()
    const counts = await t.room.importSuppliers([
      { id: 'acme-bearings', name: '雅科轴承' },
      { id: 'orient-filters', name: 'Orient Filters' },
      { id: 'new', name: 'New' }
    ])
    expect(counts).toEqual({ created: 1, changed: 1, unchanged: 1 })
    expect(await all(t)).toEqual([
      { id: 'acme-bearings', name: '雅科轴承', stage: 'PILOT' },
      { id: 'new', name: 'New', stage: 'AGGREGATE' },
      { id: 'orient-filters', name: 'Orient Filters', stage: 'COLLABORATION' }
    ])
  })

  test('keeps companies apart', async () => {
    await using t = await startSuppliers()
    await t.room.importSuppliers([{ id: 'acme-bearings', name: 'Their Acme' }], 'other')
    const query = '{ supplier(id: "acme-bearings") { name } }'
    expect((await t.execute(query)).data).toEqual({ supplier: { name: 'Acme Bearings' } })
    const other = await t.execute(query, {}, t.access({ company: 'other' }))
    expect(other.data).toEqual({ supplier: { name: 'Their Acme' } })
  })
})

describe('importing bills of materials', () => {
  test('twice changes nothing, whatever the order of lines and the spelling of decimals', async () => {
    await using t = await startSuppliers()
    const lines = BEARING.lines
      .toReversed()
      .map(line => (line.component === 'grease' ? { ...line, quantityPer: '00.0050' } : line))
    expect(await t.room.importBoms([{ sku: 'BRG', lines }])).toEqual({ created: 0, changed: 0, unchanged: 1 })
  })

  test('replaces a bill whole', async () => {
    await using t = await startSuppliers()
    const lines = [{ component: 'blank', quantityPer: 1, leadTimeDays: 9 }]
    expect(await t.room.importBoms([{ sku: 'BRG', lines }])).toEqual({ created: 0, changed: 1, unchanged: 0 })
    await t.append(orderSubmitted('ord_1'), short('ord_1'))
    expect(await only(t)).toMatchObject({ requiredBy: '2026-03-11', bom: [{ component: 'blank', quantityPer: '1' }] })
  })

  test.each([
    ['a SKU that needs itself', [{ component: 'BRG', quantityPer: 1, leadTimeDays: 1 }], /BRG needs BRG/],
    ['no quantity', [{ component: 'x', quantityPer: 0, leadTimeDays: 1 }], /quantityPer 0/],
    ['a binary fraction', [{ component: 'x', quantityPer: 0.1, leadTimeDays: 1 }], /quantityPer 0.1/],
    ['a quantity that is no number', [{ component: 'x', quantityPer: 'some', leadTimeDays: 1 }], /quantityPer some/],
    ['a lead time that is over', [{ component: 'x', quantityPer: 1, leadTimeDays: -1 }], /leadTimeDays -1/],
    [
      'a component twice',
      [
        { component: 'x', quantityPer: 1, leadTimeDays: 1 },
        { component: 'x', quantityPer: 2, leadTimeDays: 1 }
      ],
      /names a component twice/
    ]
  ])('refuses %s', async (_, lines, message) => {
    await using t = await startSuppliers()
    await expect(t.room.importBoms([{ sku: 'BRG', lines }])).rejects.toThrow(message)
  })

  test('refuses a circle that closes over an earlier import, and takes nothing of the list', async () => {
    await using t = await startSuppliers()
    const part = (component: string) => [{ component, quantityPer: 1, leadTimeDays: 1 }]
    await expect(
      t.room.importBoms([
        { sku: 'NEW', lines: part('cage') },
        { sku: 'cage', lines: part('BRG') }
      ])
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { cycle: ['BRG', 'cage', 'BRG'] } })
    expect(await t.room.importBoms([{ sku: 'NEW', lines: part('cage') }])).toMatchObject({ created: 1 })
  })

  test('takes two ways to the same component for what they are: no circle', () => {
    const graph = new Map([
      ['kit', ['left', 'right']],
      ['left', ['screw']],
      ['right', ['screw']]
    ])
    expect(findCycle(graph)).toBeNull()
  })
})
