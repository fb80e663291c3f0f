import { COLD, generate } from './generate.ts'
import { quoted } from './json-text.ts'
import type { GeneralShape, Projection } from './projection.ts'

/** A row as the client's JSON; undefined when a null has to move up. */
export type Project = (row: Readonly<Record<string, unknown>>, projection: Projection) => string | undefined

/** Which values of a leaf are shown as they are. */
export interface Plain {
  /** `scalar`: a string, a boolean or a number. */
  readonly kind: 'string' | 'int' | 'float' | 'boolean' | 'scalar'
  readonly nullable: boolean
}

/** Longer functions are slow to compile, and rare. */
const MAX_FIELDS = 64

/** Projects rows of a shape; one that is met again and again gets code of its own. */
export function compileProject(shape: GeneralShape): Project {
  let rows = 0
  let compiled: Project | null = null
  const general = shape.hasCells || shape.fields.length === 0 || shape.fields.length > MAX_FIELDS
  return (row, projection) => {
    if (!compiled && !general && ++rows > COLD.rows) compiled = straight(shape)
    return compiled ? compiled(row, projection) : projection.object(row, shape)
  }
}

/**
 * Text that is put together at once costs a fifth of an object that is filled and then written. A row with anything unusual in
 * its leaves (a null where none may be, a failure, another type) goes to `Projection.object` as a whole.
 */
function straight(shape: GeneralShape): Project {
  const { fields } = shape
  const checks: string[] = []
  const inner: string[] = []
  fields.forEach(({ constant, plain, key, from }, i) => {
    if (constant !== null) return
    const read = `row[${JSON.stringify(from)}]`
    if (plain) {
      const otherwise = plain.nullable
        ? `if (v${i} == null) v${i} = null; else return p.object(row, shape)`
        : 'return p.object(row, shape)'
      checks.push(`let v${i} = ${read}`, `if (!(${isPlain(plain.kind, `v${i}`)})) { ${otherwise} }`)
    } else {
      inner.push(`path[d] = ${JSON.stringify(key)}`, `const v${i} = f${i}.complete(${read}, p)`)
      inner.push(`if (v${i} === undefined) return p.nullMoves(row, shape, f${i}, d)`)
    }
  })
  const strings = fields.flatMap(({ plain }, i) => (plain?.kind === 'string' && plain.nullable ? [i] : []))
  const source = [
    ...fields.map((_, i) => `const f${i} = shape.fields[${i}]`),
    'return function project(row, p) {',
    ...checks,
    ...(inner.length > 0 ? ['const d = p.depth, path = p.path', 'p.depth = d + 1', ...inner, 'p.depth = d'] : []),
    // Each piece that is put to the text costs an object: where all strings are there, the words between them are one piece.
    `if (p.clean${strings.map(i => ` && v${i} !== null`).join('')}) return ${inOnePiece(fields)}`,
    `if (p.clean) return ${written(fields, v => `'"' + ${v} + '"'`)}`,
    `return ${written(fields, v => `quoted(${v})`)}`,
    '}'
  ]
  return generate<Project>({ shape, quoted }, source.join('\n'))
}

/** The expression that makes the row's text when all its strings are there and need no escaping. */
function inOnePiece(fields: GeneralShape['fields']): string {
  const parts: string[] = []
  let words = '{'
  fields.forEach(({ constant, plain, keyText }, i) => {
    words += `${i === 0 ? '' : ','}${keyText}`
    if (constant !== null) {
      words += constant
      return
    }
    const isString = plain?.kind === 'string'
    const value = isString ? `v${i}` : textOf(plain ?? null, `v${i}`, v => `'"' + ${v} + '"'`)
    parts.push(JSON.stringify(isString ? `${words}"` : words), value)
    words = isString ? '"' : ''
  })
  return [...parts, JSON.stringify(`${words}}`)].join(' + ')
}

/** The expression that makes the row's text of its values, with `quote` making the expression for a string. */
function written(fields: GeneralShape['fields'], quote: (value: string) => string): string {
  const parts = fields.map(({ constant, plain, keyText }, i) => {
    const before = JSON.stringify(`${i === 0 ? '{' : ','}${keyText}${constant ?? ''}`)
    return constant === null ? `${before} + ${textOf(plain ?? null, `v${i}`, quote)}` : before
  })
  return `${parts.join(' + ')} + "}"`
}

function textOf(plain: Plain | null, value: string, quote: (value: string) => string): string {
  // Text already, or a number, a boolean or null, which look in JSON as they do in JavaScript.
  if (plain?.kind !== 'string' && plain?.kind !== 'scalar') return value
  const isString = plain.kind === 'scalar' ? `typeof ${value} === "string"` : plain.nullable ? `${value} !== null` : ''
  return isString === '' ? quote(value) : `(${isString} ? ${quote(value)} : ${value})`
}

function isPlain(kind: Plain['kind'], value: string): string {
  switch (kind) {
    case 'int':
      return `Number.isInteger(${value})`
    case 'float':
      return `Number.isFinite(${value})`
    case 'scalar':
      return `typeof ${value} === "string" || typeof ${value} === "boolean" || Number.isFinite(${value})`
    default:
      return `typeof ${value} === "${kind}"`
  }
}
