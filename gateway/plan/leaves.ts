import { type GraphQLLeafType, isEnumType } from 'graphql'
import type { Mask } from '../../policies/view.ts'
import { Failure } from '../execute/failure.ts'
import type { Complete } from '../execute/projection.ts'

/** How a value of a leaf type reaches the client: what does not fit the type is null, and said so. */
export function completeLeaf(type: GraphQLLeafType, mask: Mask | undefined): Complete {
  const plain = isEnumType(type)
    ? completeEnum(new Set(type.getValues().map(value => value.name)))
    : completeScalar(type.name)
  return mask ? masked(mask, plain) : plain
}

function masked(mask: Mask, plain: Complete): Complete {
  return (value, projection) => {
    if (value === null || value === undefined || value instanceof Failure) return plain(value, projection)
    let shown: unknown
    try {
      shown = mask.apply(value)
    } catch {
      // A mask that fails must not show what it was to hide.
      return projection.unfit()
    }
    return plain(shown, projection)
  }
}

/** A value that the view does not know, such as one that is inaccessible, is null. */
function completeEnum(names: ReadonlySet<unknown>): Complete {
  return (value, projection) => {
    if (names.has(value)) return value
    return value instanceof Failure ? projection.failed(value, null) : null
  }
}

function completeScalar(name: string): Complete {
  switch (name) {
    case 'String':
      return (value, projection) => (typeof value === 'string' ? value : rare(value, projection, toText))
    case 'ID':
      return (value, projection) => (typeof value === 'string' ? value : rare(value, projection, toText))
    case 'Int':
      return (value, projection) => (Number.isInteger(value) ? value : rare(value, projection, nothing))
    case 'Float':
      return (value, projection) => (typeof value === 'number' ? value : rare(value, projection, nothing))
    case 'Boolean':
      return (value, projection) => (typeof value === 'boolean' ? value : rare(value, projection, nothing))
    default:
      return (value, projection) => {
        if (value === undefined || value === null) return null
        return value instanceof Failure ? projection.failed(value, null) : value
      }
  }
}

function rare(value: unknown, projection: Parameters<Complete>[1], convert: (value: unknown) => unknown): unknown {
  if (value === undefined || value === null) return null
  if (value instanceof Failure) return projection.failed(value, null)
  const converted = convert(value)
  return converted === null ? projection.unfit() : converted
}

function toText(value: unknown): string | null {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

function nothing(): null {
  return null
}
