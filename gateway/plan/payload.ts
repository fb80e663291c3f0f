import { getNamedType, isObjectType, Kind, type SelectionSetNode } from 'graphql'
import { isRecord } from '../execute/bare.ts'
import { responseKeyOf } from './ast.ts'
import type { FetchOperation } from './fetch-operation.ts'
import type { Supergraph } from './supergraph.ts'

type Payload = Readonly<Record<string, unknown>>

/** Gives an event's payload the form in which a fetch would have answered. */
export type ShapePayload = (payload: Payload) => Record<string, unknown>

interface PayloadSelection {
  readonly fields: readonly { readonly name: string; readonly key: string; readonly inner: PayloadSelection | null }[]
  readonly branches: readonly { readonly type: string; readonly selection: PayloadSelection }[]
  /** The type when it can be one alone. */
  readonly typename: string | null
}

/**
 * Compiles the first fetch of a subscription, which no subgraph answers: the payload has its fields under their own
 * names, the rest of the plan looks for them under the fetch's keys.
 */
export function compilePayload({ definition, fragments }: FetchOperation, supergraph: Supergraph): ShapePayload {
  const compile = (set: SelectionSetNode, typename: string): PayloadSelection => {
    const type = supergraph.schema.getType(typename)
    const fields: PayloadSelection['fields'][number][] = []
    const branches: PayloadSelection['branches'][number][] = []
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value
        const named = type && 'getFields' in type ? getNamedType(type.getFields()[name]?.type) : undefined
        const inner = selection.selectionSet && named ? compile(selection.selectionSet, named.name) : null
        fields.push({ name, key: responseKeyOf(selection), inner })
        continue
      }
      const source = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      const condition = source?.typeCondition?.name.value ?? typename
      if (source) branches.push({ type: condition, selection: compile(source.selectionSet, condition) })
    }
    return { fields, branches, typename: isObjectType(type) ? typename : null }
  }

  const shape = (value: unknown, selection: PayloadSelection): unknown => {
    if (Array.isArray(value)) return value.map(item => shape(item, selection))
    if (!isRecord(value)) return value ?? null
    const shaped: Record<string, unknown> = {}
    fill(value, Object.hasOwn(value, '__typename') ? value['__typename'] : selection.typename, selection, shaped)
    return shaped
  }

  const fill = (
    value: Payload,
    typename: unknown,
    { fields, branches }: PayloadSelection,
    shaped: Record<string, unknown>
  ): void => {
    for (const { name, key, inner } of fields) {
      if (name === '__typename') shaped[key] = typename
      else if (Object.hasOwn(value, name)) shaped[key] = inner ? shape(value[name], inner) : value[name]
    }
    for (const { type, selection } of branches) {
      if (typeof typename !== 'string' || supergraph.satisfies(typename, type)) fill(value, typename, selection, shaped)
    }
  }

  const root = compile(definition.selectionSet, supergraph.schema.getSubscriptionType()?.name ?? 'Subscription')
  const [field] = root.fields
  if (!field) throw new Error('the planner made a subscription without a field')
  return payload => ({ [field.key]: field.inner ? shape(payload, field.inner) : payload })
}
