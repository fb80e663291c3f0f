import { DateTime } from 'luxon'
import type { Alternative, ColumnRef, Field } from './mapping.ts'
import { required, YamlNode } from './yaml-node.ts'

/** What fields of a section may refer to, and what they take over. */
export interface Section {
  /** The source whose columns need no prefix. */
  readonly own: string
  /** Sources with one row for each row of the section. */
  readonly one: readonly string[]
  /** Sources with many rows, for sums. */
  readonly many: readonly string[]
  readonly format: string
  readonly zone: string
}

const OPTIONS = ['column', 'columns', 'value', 'template', 'sum', 'map', 'default', 'format', 'zone', 'decimal']

/** Reads one field of the mapping; `choices` are the values that a map, a constant and a default may give. */
export function readField(node: YamlNode, section: Section, choices?: readonly string[]): Field {
  if (!node.isObject) {
    return { ...plain(node, section), alternatives: node.list().map(item => readAlternative(item, section)) }
  }
  const options = node.object(OPTIONS)
  const check = (value: YamlNode): string => (choices ? value.oneOf(choices) : value.text())
  const map = options.get('map')?.object()
  const fallback = options.get('default')
  const alternatives = readAlternatives(node, options, section)
  for (const alternative of alternatives) {
    if (choices && alternative.type === 'value')
      new YamlNode(node.file, `${node.path}.value`, alternative.text).oneOf(choices)
  }
  return {
    path: node.path,
    alternatives,
    map: map ? new Map([...map].map(([from, to]) => [from, check(to)])) : null,
    fallback: fallback && (fallback.value === null ? null : check(fallback)),
    format: options.has('format') ? readFormat(required(node, options, 'format')) : section.format,
    zone: options.has('zone') ? readZone(required(node, options, 'zone')) : section.zone,
    decimal: options.get('decimal')?.oneOf(['.', ',']) ?? '.'
  }
}

function plain(node: YamlNode, { format, zone }: Section): Omit<Field, 'alternatives'> {
  return { path: node.path, map: null, fallback: undefined, format, zone, decimal: '.' }
}

function readAlternatives(
  node: YamlNode,
  options: ReadonlyMap<string, YamlNode>,
  section: Section
): readonly Alternative[] {
  const columns = options.get('column') ?? options.get('columns')
  if (columns) return columns.list().map(item => readAlternative(item, section))
  if (options.has('value') || options.has('template') || options.has('sum')) return [readSource(node, options, section)]
  return node.fail('needs one of column, columns, value, template, sum')
}

function readAlternative(node: YamlNode, section: Section): Alternative {
  if (node.isObject) return readSource(node, node.object(['value', 'template', 'sum']), section)
  return { type: 'column', ref: readColumn(node, section, section.one) }
}

function readSource(node: YamlNode, options: ReadonlyMap<string, YamlNode>, section: Section): Alternative {
  const value = options.get('value')
  if (value) return { type: 'value', text: value.text() }
  const template = options.get('template')
  if (template) return { type: 'template', parts: readTemplate(template, section) }
  const sum = options.get('sum') ?? node.fail('needs one of value, template, sum')
  if (section.many.length === 0) sum.fail('adds up joined rows, and there are none here')
  return { type: 'sum', refs: sum.list().map(item => readColumn(item, { ...section, own: '' }, section.many)) }
}

/** `column` of the section's own source, or `source.column`. */
function readColumn(node: YamlNode, { own }: Section, sources: readonly string[]): ColumnRef {
  const text = node.text()
  const dot = text.indexOf('.')
  const source = text.slice(0, Math.max(dot, 0))
  if (source !== '' && (source === own || sources.includes(source))) return { source, column: text.slice(dot + 1) }
  if (own === '') node.fail(`is "${text}": write it as source.column with one of ${sources.join(', ')}`)
  return { source: own, column: text }
}

/** `text {column} text {source.column}`. */
function readTemplate(node: YamlNode, section: Section): readonly (string | ColumnRef)[] {
  const pieces = node.text().split(/\{([^{}]+)\}/)
  return pieces.map((piece, i) => {
    return i % 2 === 0 ? piece : readColumn(new YamlNode(node.file, node.path, piece), section, section.one)
  })
}

/** An IANA zone that exists. */
export function readZone(node: YamlNode): string {
  const zone = node.text()
  if (!DateTime.utc().setZone(zone).isValid)
    node.fail(`is "${zone}", which is no time zone: use an IANA name such as America/Sao_Paulo`)
  return zone
}

const SPECIAL_FORMATS = ['iso', 'seconds', 'milliseconds']

/** Luxon tokens or a special format; tokens that are no date are refused. */
export function readFormat(node: YamlNode): string {
  const format = node.text()
  if (SPECIAL_FORMATS.includes(format)) return format
  const sample = DateTime.utc(2018, 11, 22, 13, 45, 56)
  const again = DateTime.fromFormat(sample.toFormat(format), format, { zone: 'utc' })
  if (!again.isValid || again.toISODate() !== sample.toISODate()) {
    node.fail(
      `is "${format}", which is no date format: use Luxon tokens such as M/d/yyyy H:mm, or ${SPECIAL_FORMATS.join(', ')}`
    )
  }
  return format
}
