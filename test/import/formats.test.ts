import { type Importing, startImporting } from './given.ts'
import { workbook } from './xlsx.ts'

const MAPPING = `
zone: Asia/Shanghai
dates: yyyy-MM-dd HH:mm
empty: ['NULL']
sources: { sheet: orders-* }
orders:
  from: sheet
  channel: { column: shop, map: { tmall: TAOBAO }, default: DIRECT }
  externalId: id
  currency: { value: CNY }
  placedAt: placed
  status: { column: state, map: { done: COMPLETED }, default: PAID }
  total: amount
  note: remark
  carrier: { value: swift-express }
  customer: { externalId: buyer, region: { value: Shanghai }, name: { template: 'Buyer {buyer}' } }
  shipTo: { city: { value: 上海 } }
`

const HEADER = ['id', 'shop', 'placed', 'state', 'amount', 'remark', 'buyer']

describe('one mapping reads', () => {
  let t: Importing
  let mapping: string
  beforeAll(async () => {
    t = await startImporting()
    mapping = await t.files.write('shop.mapping.yaml', MAPPING)
  })
  afterAll(() => t[Symbol.asyncDispose]())

  const rowsOf = (prefix: string) => [
    [`${prefix}-1`, 'tmall', '2026-03-01 09:30', 'done', '1,234.50', 'be quick, "please"', 'b1'],
    [`${prefix}-2`, 'elsewhere', '2026-03-01 23:59', 'open', '20', 'NULL', 'b2']
  ]
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

  test.each<[string, (prefix: string) => string | Uint8Array]>([
    ['csv', prefix => `\ufeff${[HEADER, ...rowsOf(prefix)].map(row => row.map(quoted).join(',')).join('\r\n')}`],
    ['tsv', prefix => [HEADER, ...rowsOf(prefix)].map(row => row.map(quoted).join('\t')).join('\n')],
    [
      'jsonl',
      prefix =>
        rowsOf(prefix)
          .map(row =>
            JSON.stringify(Object.fromEntries(row.map((value, i) => [HEADER[i], value === 'NULL' ? null : value])))
          )
          .join('\n')
    ],
    [
      'xlsx',
      prefix =>
        workbook([
          HEADER,
          ...rowsOf(prefix).map(row =>
            row.map((value, i) => {
              if (HEADER[i] === 'placed') return new Date(`${value.replace(' ', 'T')}:00Z`)
              return HEADER[i] === 'amount' ? Number(value.replace(',', '')) : value
            })
          )
        ])
    ]
  ])('%s', async (format, content) => {
    const path = await t.files.write(`orders-${format}.${format}`, content(format))
    const report = await t.run(mapping, [path])
    expect(await t.rejects()).toEqual([])
    expect(report.files).toMatchObject([{ rows: 2, imported: 2 }])
    const fields = 'status total { amount } note placedAt carrier customer { name region } shipTo { city }'
    const { data } = await t.orders.execute(
      `{ a: orderByExternalId(channel: TAOBAO, externalId: "${format}-1") { ${fields} }
         b: orderByExternalId(channel: DIRECT, externalId: "${format}-2") { ${fields} } }`
    )
    const common = { carrier: 'swift-express', shipTo: { city: '上海' } }
    expect(data).toEqual({
      a: {
        ...common,
        status: 'COMPLETED',
        total: { amount: '1234.50' },
        note: 'be quick, "please"',
        placedAt: '2026-03-01T01:30:00.000Z',
        customer: { name: 'Buyer b1', region: 'Shanghai' }
      },
      b: {
        ...common,
        status: 'PAID',
        total: { amount: '20.00' },
        note: null,
        placedAt: '2026-03-01T15:59:00.000Z',
        customer: { name: 'Buyer b2', region: 'Shanghai' }
      }
    })
  })

  test('several files of one source as one', async () => {
    const paths = await Promise.all(
      ['m1', 'm2'].map(prefix =>
        t.files.write(
          `orders-${prefix}.csv`,
          [HEADER, ...rowsOf(prefix)].map(row => row.map(quoted).join(',')).join('\n')
        )
      )
    )
    const report = await t.run(mapping, paths)
    expect(report.orders.imported).toBe(4)
    expect(report.files.map(({ file, rows }) => [file, rows])).toEqual([
      ['orders-m1.csv', 2],
      ['orders-m2.csv', 2]
    ])
  })

  test('JSON lines around a line that is none', async () => {
    const [first] = rowsOf('bad')
    const line = JSON.stringify(Object.fromEntries((first ?? []).map((value, i) => [HEADER[i], value])))
    const path = await t.files.write('orders-bad.jsonl', `\n{"id": "cut\n${line}\n[1]\n`)
    const report = await t.run(mapping, [path])
    expect(report.files).toMatchObject([{ rows: 3, imported: 1, rejected: 2 }])
    expect(await t.rejects()).toEqual([
      'orders-bad.jsonl:2 is not a JSON object',
      'orders-bad.jsonl:4 is not a JSON object'
    ])
  })

  test('keeps the reason of the room for an order that it rejects', async () => {
    const row = ['long', 'tmall', '2026-03-01 09:30', 'done', '1', '', 'b'.repeat(200)]
    const path = await t.files.write('orders-long.csv', [HEADER, row].map(cells => cells.join(',')).join('\n'))
    await t.run(mapping, [path])
    expect(await t.rejects()).toEqual(['orders-long.csv:2 customer.externalId has more than 128 characters'])
  })
})
