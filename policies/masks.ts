import { GraphQLScalarType, type GraphQLSchema, isEnumType, isScalarType } from 'graphql'
import { bucketOf, constant, initial, last4, provinceOf, regionOf } from './mask-text.ts'
import { dayOf, monthOf } from './mask-time.ts'
import type { Mask } from './view.ts'

/** A mask as a contract writes it. */
export type MaskClause =
  | 'day'
  | 'month'
  | 'province'
  | 'region'
  | 'last4'
  | 'initial'
  | { readonly bucket: readonly number[] }
  | { readonly constant: string | number | boolean }

/** A mask with what it makes of a field's type. */
export interface CompiledMask extends Mask {
  /** The scalar that stands in the view's schema instead of the field's own. */
  readonly output: string
  /** Masks of one family hide more of the same; across families nothing can be said. */
  readonly family: string
  readonly strength: number
}

interface Kind {
  readonly accepts: readonly string[]
  readonly output: string
  readonly family: string
  readonly strength: number
  readonly apply: (value: unknown, zone: string) => unknown
}

const KINDS: Readonly<Record<Extract<MaskClause, string>, Kind>> = {
  day: { accepts: ['DateTime'], output: 'Date', family: 'time', strength: 1, apply: dayOf },
  month: { accepts: ['DateTime', 'Date'], output: 'Month', family: 'time', strength: 2, apply: monthOf },
  province: { accepts: ['String'], output: 'String', family: 'place', strength: 1, apply: provinceOf },
  region: { accepts: ['String'], output: 'String', family: 'place', strength: 2, apply: regionOf },
  last4: { accepts: ['String', 'ID'], output: 'String', family: 'last4', strength: 1, apply: last4 },
  initial: { accepts: ['String'], output: 'String', family: 'initial', strength: 1, apply: initial }
}

const NUMBERS = ['Int', 'Float', 'Decimal']
const CONSTANT_STRENGTH = 9

/** Names of the masks that take no parameter. */
export const SIMPLE_MASKS = Object.keys(KINDS)

/** Compiles a mask for a field's innermost type; a text says why it cannot be, and what can. */
export function compileMask(
  clause: MaskClause,
  type: string,
  schema: GraphQLSchema,
  zone: string
): CompiledMask | string {
  const named = schema.getType(type)
  if (!isScalarType(named) && !isEnumType(named)) return `${type} is not a single value: mask its fields one by one`
  if (typeof clause === 'string') {
    const kind = KINDS[clause]
    if (!kind.accepts.includes(type)) return `mask ${clause} is for ${kind.accepts.join(' or ')}, and this is ${type}`
    return mask(clause, kind, value => kind.apply(value, zone))
  }
  if ('constant' in clause) {
    const output =
      typeof clause.constant === 'boolean' ? 'Boolean' : typeof clause.constant === 'number' ? 'Float' : 'String'
    const name = `constant ${JSON.stringify(clause.constant)}`
    return mask(name, { output, family: name, strength: CONSTANT_STRENGTH }, constant(clause.constant))
  }
  const edges = clause.bucket
  if (!NUMBERS.includes(type)) return `mask bucket is for ${NUMBERS.join(' or ')}, and this is ${type}`
  if (edges.some((edge, i) => i > 0 && edge <= (edges[i - 1] ?? edge))) return 'the edges of a bucket must rise'
  const name = `bucket ${edges.join(' ')}`
  return mask(name, { output: 'String', family: name, strength: 1 }, value => bucketOf(value, edges))
}

/** True when `a` shows no more than `b`, null being no mask. */
export function hidesAtLeast(a: CompiledMask | null, b: CompiledMask | null): boolean {
  if (b === null) return true
  if (a === null) return false
  if (a.strength === CONSTANT_STRENGTH) return true
  return a.name === b.name || (a.family === b.family && a.strength >= b.strength)
}

/** Scalars that masks bring into a view's schema when the graph does not have them. */
export const MASK_SCALARS: ReadonlyMap<string, GraphQLScalarType> = new Map(
  [
    new GraphQLScalarType({ name: 'Date', description: 'A day, for example 2026-03-06.' }),
    new GraphQLScalarType({ name: 'Month', description: 'A month, for example 2026-03.' })
  ].map(type => [type.name, type])
)

function mask(
  name: string,
  kind: Pick<Kind, 'output' | 'family' | 'strength'>,
  apply: (value: unknown) => unknown
): CompiledMask {
  const one = (value: unknown) => (value === null || value === undefined ? null : apply(value))
  return {
    name,
    output: kind.output,
    family: kind.family,
    strength: kind.strength,
    apply: value => (Array.isArray(value) ? value.map(one) : one(value))
  }
}
