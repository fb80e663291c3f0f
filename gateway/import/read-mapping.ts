import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parse } from 'yaml'
import { CommandError } from '../cli/command-error.ts'
import { CHANNELS, STAGES, STATUSES } from './import-target.ts'
import type { ColumnRef, Field, Fields, Join, Mapping, OrdersMapping, TableMapping } from './mapping.ts'
import { readField, readFormat, readZone, type Section } from './read-field.ts'
import { required, YamlNode } from './yaml-node.ts'

const ORDER_FIELDS = [
  'channel',
  'externalId',
  'number',
  'currency',
  'placedAt',
  'status',
  'total',
  'note',
  'promisedTo',
  'carrier',
  'cancelReason'
] as const
const ORDER_GROUPS = ['from', 'with', 'customer', 'shipTo', 'history', 'lines', 'payments'] as const
const CUSTOMER_FIELDS = ['externalId', 'name', 'phone', 'region', 'city'] as const
const ADDRESS_FIELDS = ['recipient', 'phone', 'line', 'city', 'region', 'postalCode', 'country'] as const
const LINE_FIELDS = ['externalId', 'sku', 'name', 'quantity', 'unitPrice', 'supplier', 'supplierId'] as const
const PRODUCT_FIELDS = ['sku', 'name', 'category', 'weightGrams'] as const
const SUPPLIER_FIELDS = ['externalId', 'name', 'stage'] as const

const CHOICES: Readonly<Record<string, readonly string[]>> = { channel: CHANNELS, status: STATUSES, stage: STAGES }

/** Reads and checks a mapping file. Throws CommandError that names the place and what to write there. */
export async function readMapping(path: string): Promise<Mapping> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandError(`${path} cannot be read: give the mapping file first, then the data files`)
  })
  const file = basename(path)
  const root = new YamlNode(file, '', parseYaml(file, text))
  const entries = root.object(['zone', 'dates', 'empty', 'sources', 'suppliers', 'products', 'orders'])
  const sources = new Map([...required(root, entries, 'sources').object()].map(([name, node]) => [name, node.text()]))
  const dates = entries.get('dates')
  const context = {
    sources: [...sources.keys()],
    zone: readZone(required(root, entries, 'zone')),
    format: dates ? readFormat(dates) : 'iso'
  }
  const products = entries.get('products')
  const suppliers = entries.get('suppliers')
  return {
    sources,
    empty: new Set(
      entries
        .get('empty')
        ?.list()
        .map(node => node.text())
    ),
    orders: readOrders(required(root, entries, 'orders'), context),
    products: products ? readTable(products, context, PRODUCT_FIELDS, ['sku']) : null,
    suppliers: suppliers ? readTable(suppliers, context, SUPPLIER_FIELDS, ['externalId']) : null
  }
}

interface Context {
  readonly sources: readonly string[]
  readonly zone: string
  readonly format: string
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    const [problem = ''] = String(error instanceof Error ? error.message : error).split('\n')
    throw new CommandError(`${file} is not YAML: ${problem.replace(/:$/, '')}`)
  }
}

function readOrders(node: YamlNode, context: Context): OrdersMapping {
  const entries = node.object([...ORDER_GROUPS, ...ORDER_FIELDS])
  const own = readSourceName(required(node, entries, 'from'), context)
  const joins = readWith(entries.get('with'), own, context)
  const lines = entries.get('lines')
  const payments = entries.get('payments')
  const paymentJoin = payments ? readJoin(payments, payments.object(['from', 'on']), own, context) : null
  const linesMapping = lines ? readLines(lines, own, context) : null
  const section: Section = {
    ...context,
    own,
    one: joins.map(({ source }) => source),
    many: [linesMapping?.join.source, paymentJoin?.source].filter(source => source !== undefined)
  }
  const shipTo = entries.get('shipTo')
  const history = entries.get('history')
  return {
    from: own,
    with: joins,
    fields: readFields(node, entries, section, ORDER_FIELDS, [
      'channel',
      'externalId',
      'currency',
      'placedAt',
      'status'
    ]),
    customer: readGroup(required(node, entries, 'customer'), section, CUSTOMER_FIELDS, ['externalId']),
    shipTo: shipTo ? readGroup(shipTo, section, ADDRESS_FIELDS, []) : null,
    history: history ? readGroup(history, section, STATUSES, []) : {},
    lines: linesMapping,
    payments: paymentJoin
  }
}

function readLines(node: YamlNode, orders: string, context: Context): OrdersMapping['lines'] {
  const entries = node.object(['from', 'on', 'with', ...LINE_FIELDS])
  const join = readJoin(node, entries, orders, context)
  const joins = readWith(entries.get('with'), join.source, context)
  const section = { ...context, own: join.source, one: joins.map(({ source }) => source), many: [] }
  return { join, with: joins, fields: readFields(node, entries, section, LINE_FIELDS, ['sku', 'unitPrice']) }
}

function readTable<Name extends string>(
  node: YamlNode,
  context: Context,
  names: readonly Name[],
  needed: readonly Name[]
): TableMapping<Name> {
  const entries = node.object(['from', ...names])
  const from = readSourceName(required(node, entries, 'from'), context)
  return { from, fields: readFields(node, entries, { ...context, own: from, one: [], many: [] }, names, needed) }
}

function readGroup<Name extends string>(
  node: YamlNode,
  section: Section,
  names: readonly Name[],
  needed: readonly Name[]
): Fields<Name> {
  return readFields(node, node.object(names), section, names, needed)
}

function readFields<Name extends string>(
  node: YamlNode,
  entries: ReadonlyMap<string, YamlNode>,
  section: Section,
  names: readonly Name[],
  needed: readonly Name[]
): Fields<Name> {
  const fields: Partial<Record<Name, Field>> = {}
  for (const name of needed) required(node, entries, name)
  for (const name of names) {
    const entry = entries.get(name)
    if (entry) fields[name] = readField(entry, section, CHOICES[name])
  }
  return fields as Fields<Name>
}

function readWith(node: YamlNode | undefined, own: string, context: Context): readonly Join[] {
  return [...(node?.object() ?? [])].map(([source, on]) => {
    if (!context.sources.includes(source)) on.fail(`joins no source: use ${context.sources.join(', ')}`)
    return { source, on: readOn(on, own) }
  })
}

function readJoin(node: YamlNode, entries: ReadonlyMap<string, YamlNode>, own: string, context: Context): Join {
  const source = readSourceName(required(node, entries, 'from'), context)
  return { source, on: readOn(required(node, entries, 'on'), own) }
}

/** `column`, or `{ theirs: ours }`. */
function readOn(node: YamlNode, own: string): Join['on'] {
  const ours = (column: string): ColumnRef => ({ source: own, column })
  if (!node.isObject) return node.list().map(item => ({ theirs: item.text(), ours: ours(item.text()) }))
  return [...node.object()].map(([theirs, column]) => ({ theirs, ours: ours(column.text()) }))
}

function readSourceName(node: YamlNode, { sources }: Context): string {
  return node.oneOf(sources)
}
