import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getIntrospectionQuery,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isWrappingType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode
} from 'graphql'
import { limitExceeded } from './request-error.ts'

interface Asked {
  readonly operation: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/** So many times the values of the usual introspection query may be asked for; of a small schema, so many at least. */
const USUAL_TIMES = 2
const ALWAYS = 20_000

/** What the usual query asks of a schema. */
const usual = new WeakMap<GraphQLSchema, number>()

/**
 * How many values the introspection of an operation tells: exactly, without making them. Of a few types and fields within each
 * other, hundreds of bytes may ask for millions (security B16). Throws RequestError OPERATION_LIMIT when that is too much.
 */
export function introspectionSize(schema: GraphQLSchema, { operation, fragments }: Asked): number {
  const roots = introspectingRoots(operation.selectionSet, fragments)
  return roots.length === 0 ? 0 : new Walk(schema, fragments, mostOf(schema)).roots(roots)
}

function mostOf(schema: GraphQLSchema): number {
  const known = usual.get(schema)
  if (known !== undefined) return known
  const options = { specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, oneOf: true }
  const fragments = new Map<string, FragmentDefinitionNode>()
  const roots: FieldNode[] = []
  for (const node of parse(getIntrospectionQuery({ ...options, inputValueDeprecation: true })).definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
    if (node.kind === Kind.OPERATION_DEFINITION) roots.push(...introspectingRoots(node.selectionSet, fragments))
  }
  const most = Math.max(ALWAYS, USUAL_TIMES * new Walk(schema, fragments, Number.POSITIVE_INFINITY).roots(roots))
  usual.set(schema, most)
  return most
}

function introspectingRoots(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
): readonly FieldNode[] {
  return selections.flatMap(selection => {
    if (selection.kind === Kind.FIELD) {
      return selection.name.value === '__schema' || selection.name.value === '__type' ? [selection] : []
    }
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
    return inner ? introspectingRoots(inner.selectionSet, fragments) : []
  })
}

/** Counts what is selected of each part of a schema once. Recursion is bounded by `Limits.nesting`. */
class Walk {
  readonly #schema: GraphQLSchema
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #most: number
  readonly #known = new Map<SelectionSetNode, Map<unknown, number>>()
  #steps = 0

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>, most: number) {
    this.#schema = schema
    this.#fragments = fragments
    this.#most = most
  }

  roots(fields: readonly FieldNode[]): number {
    return this.#checked(fields.reduce((sum, field) => sum + this.#root(field), 0))
  }

  #root({ name, arguments: given, selectionSet }: FieldNode): number {
    if (!selectionSet) return 0
    if (name.value === '__schema') return this.#set(selectionSet, this.#schema)
    const named = given?.[0]?.value
    if (named?.kind === Kind.STRING) return this.#set(selectionSet, this.#schema.getType(named.value))
    // A variable says which: as if it were the largest.
    return Math.max(...Object.values(this.#schema.getTypeMap()).map(type => this.#set(selectionSet, type)))
  }

  #set(set: SelectionSetNode, of: unknown): number {
    let known = this.#known.get(set)
    if (!known) {
      known = new Map()
      this.#known.set(set, known)
    }
    const counted = known.get(of)
    if (counted !== undefined) return counted
    let sum = 0
    for (const selection of set.selections) {
      this.#checked(++this.#steps)
      if (selection.kind !== Kind.FIELD) {
        const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value)
        sum += inner ? this.#set(inner.selectionSet, of) : 0
        continue
      }
      sum++
      const { selectionSet } = selection
      if (selectionSet)
        for (const part of partsOf(this.#schema, of, selection.name.value)) sum += this.#set(selectionSet, part)
    }
    known.set(of, this.#checked(sum))
    return sum
  }

  #checked(count: number): number {
    if (count <= this.#most) return count
    throw limitExceeded(
      'introspection',
      'The operation asks for too much of the schema at once; ask for the types alone, then for each by its name.'
    )
  }
}

/** What stands behind a field of `__Schema`, `__Type` and the others, deprecated or not. */
function partsOf(schema: GraphQLSchema, of: unknown, field: string): readonly unknown[] {
  switch (field) {
    case 'types':
      return Object.values(schema.getTypeMap())
    case 'directives':
      return schema.getDirectives()
    case 'queryType':
      return [schema.getQueryType()]
    case 'mutationType':
      return [schema.getMutationType()]
    case 'subscriptionType':
      return [schema.getSubscriptionType()]
    case 'fields':
      return isObjectType(of) || isInterfaceType(of) ? Object.values(of.getFields()) : []
    case 'inputFields':
      return isInputObjectType(of) ? Object.values(of.getFields()) : []
    case 'interfaces':
      return isObjectType(of) || isInterfaceType(of) ? of.getInterfaces() : []
    case 'possibleTypes':
      return isAbstractType(of) ? schema.getPossibleTypes(of) : []
    case 'enumValues':
      return isEnumType(of) ? of.getValues() : []
    case 'ofType':
      return isWrappingType(of) ? [of.ofType] : []
    default: {
      const { type, args = [] } = Object(of) as { readonly type?: unknown; readonly args?: readonly unknown[] }
      return field === 'args' ? args : field === 'type' ? [type] : []
    }
  }
}
