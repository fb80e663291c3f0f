import { Bare } from './bare.ts'
import { generate } from './generate.ts'
import type { GeneralShape, Projection } from './projection.ts'

/** Turns a row into the client's object; undefined when a null has to move up. */
export type Project = (row: Readonly<Record<string, unknown>>, projection: Projection) => unknown

/** Which values of a leaf are shown as they are. */
export interface Plain {
  /** `scalar`: anything but an object. */
  readonly kind: 'string' | 'int' | 'float' | 'boolean' | 'scalar'
  readonly nullable: boolean
}

/** Longer functions are slow to compile, and rare. */
const MAX_FIELDS = 64
/** Rows that are projected field by field before their shape is worth a function of its own. */
const COLD_ROWS = 200

/** Projects rows of a shape; one that is met again and again gets code of its own. */
export function compileProject(shape: GeneralShape): Project {
  let rows = 0
  let compiled: Project | null = null
  const general = shape.hasCells || shape.fields.length === 0 || shape.fields.length > MAX_FIELDS
  return (row, projection) => {
    if (compiled) return compiled(row, projection)
    if (!general && ++rows > COLD_ROWS) compiled = straight(shape)
    return projection.object(row, shape)
  }
}

/**
 * An object made at once costs a third of one that is filled key by key. A row with anything unusual in its leaves (a null
 * where none may be, a failure, another type) goes to `Projection.object` as a whole.
 */
function straight(shape: GeneralShape): Project {
  const { fields } = shape
  const leaves: string[] = []
  const inner: string[] = []
  const values = fields.map(({ constant, plain, key, from }, i) => {
    if (constant !== null) return JSON.stringify(constant)
    const read = `row[${JSON.stringify(from)}]`
    if (plain) {
      const otherwise = plain.nullable
        ? `if (v${i} == null) v${i} = null; else return p.object(row, shape)`
        : 'return p.object(row, shape)'
      leaves.push(`let v${i} = ${read}`, `if (!(${isPlain(plain.kind, `v${i}`)})) { ${otherwise} }`)
    } else {
      inner.push(`path[d] = ${JSON.stringify(key)}`, `const v${i} = f${i}.complete(${read}, p)`)
      inner.push(`if (v${i} === undefined) return p.nullMoves(row, shape, f${i}, d)`)
    }
    return `v${i}`
  })
  const source = [
    ...fields.map((_, i) => `const f${i} = shape.fields[${i}]`),
    `function Row(${fields.map((_, i) => `a${i}`)}) { ${fields.map(({ key }, i) => `this[${JSON.stringify(key)}] = a${i}`).join('; ')} }`,
    'Row.prototype = prototype',
    'return function project(row, p) {',
    ...leaves,
    ...(inner.length > 0 ? ['const d = p.depth, path = p.path', 'p.depth = d + 1', ...inner, 'p.depth = d'] : []),
    `return new Row(${values})`,
    '}'
  ]
  return generate<Project>({ shape, prototype: Bare.prototype }, source.join('\n'))
}

function isPlain(kind: Plain['kind'], value: string): string {
  switch (kind) {
    case 'int':
      return `Number.isInteger(${value})`
    case 'float':
      return `typeof ${value} === "number"`
    case 'scalar':
      return `typeof ${value} !== "object" && ${value} !== undefined`
    default:
      return `typeof ${value} === "${kind}"`
  }
}
