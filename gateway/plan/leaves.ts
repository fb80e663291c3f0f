import { type GraphQLLeafType, isEnumType } from 'graphql'
import type { Mask } from '../../policies/view.ts'
import { Failure } from '../execute/failure.ts'
import { jsonOf, NULL, quoted } from '../execute/json-text.ts'
import type { Complete, Projection } from '../execute/projection.ts'

/** How a value of a leaf type reaches the client: what does not fit the type is null, and said so. */
export function completeLeaf(type: GraphQLLeafType, mask: Mask | undefined): Complete {
  const plain = isEnumType(type)
    ? completeEnum(new Set(type.getValues().map(value => value.name)))
    : completeScalar(type.name)
  return mask ? masked(mask, plain) : plain
}

/** What a text becomes: of the data's own it may be known that nothing in it is escaped. */
type Quote = (text: string, projection: Projection) => string

const ofData: Quote = (text, projection) => projection.quote(text)

/** Of a text that was made here nothing is known. */
const ofOurs: Quote = (text, projection) => {
  projection.latin1 = false
  return quoted(text)
}

type Leaf = (value: unknown, projection: Projection, quote?: Quote) => string

function masked(mask: Mask, plain: Leaf): Complete {
  return (value, projection) => {
    if (value === null || value === undefined || value instanceof Failure) return plain(value, projection)
    let shown: unknown
    try {
      shown = mask.apply(value)
    } catch {
      // A mask that fails must not show what it was to hide.
      return projection.unfit()
    }
    return plain(shown, projection, ofOurs)
  }
}

/** A value that the view does not know, such as one that is inaccessible, is null. */
function completeEnum(names: ReadonlySet<unknown>): Leaf {
  return (value, projection) => {
    if (names.has(value)) return `"${value}"`
    return value instanceof Failure ? projection.failed(value, null) : NULL
  }
}

function completeScalar(name: string): Leaf {
  switch (name) {
    case 'String':
    case 'ID':
      return (value, projection, quote = ofData) =>
        typeof value === 'string' ? quote(value, projection) : rare(value, projection, toText)
    case 'Int':
      return (value, projection) => (Number.isInteger(value) ? String(value) : rare(value, projection, nothing))
    case 'Float':
      return (value, projection) => (typeof value === 'number' ? jsonOf(value) : rare(value, projection, nothing))
    case 'Boolean':
      return (value, projection) => (typeof value === 'boolean' ? String(value) : rare(value, projection, nothing))
    default:
      return (value, projection, quote = ofData) => {
        if (typeof value === 'string') return quote(value, projection)
        if (value === undefined || value === null) return NULL
        if (value instanceof Failure) return projection.failed(value, null)
        if (quote !== ofData) projection.latin1 = false
        return jsonOf(value)
      }
  }
}

function rare(value: unknown, projection: Projection, convert: (value: unknown) => string | null): string {
  if (value === undefined || value === null) return NULL
  if (value instanceof Failure) return projection.failed(value, null)
  return convert(value) ?? projection.unfit()
}

function toText(value: unknown): string | null {
  return typeof value === 'number' || typeof value === 'boolean' ? `"${value}"` : null
}

function nothing(): null {
  return null
}
