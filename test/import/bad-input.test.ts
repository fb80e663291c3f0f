import { type Importing, startImporting } from './given.ts'

const MAPPING = {
  zone: 'Asia/Shanghai',
  sources: { orders: 'orders.csv', lines: 'lines.csv' },
  orders: {
    from: 'orders',
    channel: { value: 'DIRECT' },
    externalId: 'id',
    currency: { value: 'CNY' },
    placedAt: 'placed',
    status: { column: 'state', map: { done: 'COMPLETED' }, default: 'PAID' },
    customer: { externalId: 'buyer' },
    lines: { from: 'lines', on: { order: 'id' }, sku: 'sku', unitPrice: 'price' }
  }
}

const ORDERS = 'id,placed,state,buyer\n1,2026-03-01T09:30:00,done,b1\n'
const LINES = 'order,sku,price\n1,B1,2.50\n'

type Json = Readonly<Record<string, unknown>>

/** The mapping with another value, or none, at a path. */
function changed(path: string, value?: unknown): Json {
  const [key = '', ...rest] = path.split('/')
  const change = (at: Json, [name = '', ...more]: readonly string[]): Json => {
    const inner = more.length > 0 ? change((at[name] ?? {}) as Json, more) : value
    return { ...at, [name]: inner }
  }
  return JSON.parse(JSON.stringify(change(MAPPING, [key, ...rest]))) as Json
}

describe('an import that cannot work', () => {
  let t: Importing
  beforeAll(async () => {
    t = await startImporting()
  })
  afterAll(() => t[Symbol.asyncDispose]())

  const attempt = async (mapping: unknown, orders = ORDERS, lines = LINES) => {
    const text = typeof mapping === 'string' ? mapping : JSON.stringify(mapping)
    const paths = [await t.files.write('orders.csv', orders), await t.files.write('lines.csv', lines)]
    return t.run(await t.files.write('m.yaml', text), paths)
  }
  const refusal = async (...input: Parameters<typeof attempt>): Promise<string> => {
    const error: unknown = await attempt(...input).then(
      () => null,
      (failure: unknown) => failure
    )
    expect(error).toMatchObject({ name: 'CommandError' })
    const { message } = error as Error
    expect(message).not.toContain('\n')
    return message
  }

  test.each<[string, unknown, string]>([
    ['zone', 'Mars/Olympus', 'm.yaml: zone is "Mars/Olympus", which is no time zone'],
    ['zone', undefined, 'm.yaml: the file needs a field "zone"'],
    ['dates', 'never', 'm.yaml: dates is "never", which is no date format'],
    ['orders/colour', 'c', 'm.yaml: orders has no field "colour": use from, with,'],
    ['orders/channel', { value: 'EBAY' }, 'm.yaml: orders.channel.value is "EBAY": use DOUYIN'],
    ['orders/status/map/done', 'FINISHED', 'm.yaml: orders.status.map.done is "FINISHED": use AWAITING_PAYMENT'],
    ['orders/status/default', 'OPEN', 'm.yaml: orders.status.default is "OPEN": use AWAITING_PAYMENT'],
    ['orders/externalId', undefined, 'm.yaml: orders needs a field "externalId"'],
    ['orders/externalId', { map: {} }, 'm.yaml: orders.externalId needs one of column'],
    ['orders/from', 'nothing', 'm.yaml: orders.from is "nothing": use orders, lines'],
    ['orders/with', { nothing: 'id' }, 'm.yaml: orders.with.nothing joins no source: use orders, lines'],
    [
      'orders/total',
      { sum: 'price' },
      'm.yaml: orders.total.sum is "price": write it as source.column with one of lines'
    ],
    ['orders/lines/sku', ['sku', 7, []], 'm.yaml: orders.lines.sku[2] must be a text'],
    ['orders', 'orders', 'm.yaml: orders must be a group of fields'],
    [
      'orders/externalId',
      'order_id',
      'orders.csv has no column "order_id", which the mapping reads: its columns are id, placed'
    ],
    ['orders/lines/on', { order_id: 'id' }, 'lines.csv has no column "order_id"'],
    ['sources/payments', 'payments*.csv', 'no file for source "payments": add one named payments*.csv'],
    [
      'sources/lines',
      'items.csv',
      'lines.csv belongs to no source of the mapping: its patterns are orders.csv, items.csv'
    ],
    ['sources/lines', '*.csv', 'orders.csv belongs to orders and lines: make the patterns of the mapping narrower']
  ])('is refused for %s = %j', async (path, value, message) => {
    expect(await refusal(changed(path, value))).toContain(message)
  })

  test('is refused for a mapping that is no YAML, or not there', async () => {
    expect(await refusal('zone: [')).toContain('m.yaml is not YAML')
    await expect(t.run('/nowhere/m.yaml', [])).rejects.toThrow('give the mapping file first')
  })

  test.each([
    [
      'a quote that is never closed',
      ORDERS,
      `${LINES}1,"B2,3.00\n1,B3,1.00\n`,
      'lines.csv line 3: a quote is opened and never closed'
    ],
    [
      'a last line that is cut off',
      `${ORDERS}2,2026-03`,
      LINES,
      'orders.csv ends in the middle of line 3: it is cut off'
    ],
    ['no header', '', LINES, 'orders.csv is empty'],
    ['two columns of one name', ORDERS.replace('state', 'id'), LINES, 'orders.csv has 2 columns "id"']
  ])('is refused for a file with %s', async (_, orders, lines, message) => {
    expect(await refusal(MAPPING, orders, lines)).toContain(message)
  })

  test('is refused for files that are not there, or of no known format', async () => {
    const mapping = await t.files.write(
      'm.yaml',
      JSON.stringify(changed('sources', { orders: 'orders*', lines: 'lines*' }))
    )
    await expect(t.run(mapping, ['/nowhere/orders.csv'])).rejects.toThrow('/nowhere/orders.csv cannot be read')
    await expect(t.run(mapping, ['/nowhere/orders.pdf'])).rejects.toThrow('has no known format')
    const notXlsx = await t.files.write('orders.xlsx', 'PK but no workbook')
    await expect(t.run(mapping, [notXlsx])).rejects.toThrow('orders.xlsx cannot be read as XLSX')
  })

  test('imports nothing', async () => {
    const { data } = await t.orders.execute('{ orders { totalCount } }')
    expect(data).toEqual({ orders: { totalCount: 0 } })
    expect((await attempt(MAPPING)).orders.imported).toBe(1)
  })
})
