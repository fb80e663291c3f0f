import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode
} from 'graphql'
import type { CostRules, ListSize } from './cost-rules.ts'
import { inputCost } from './input-cost.ts'
import { type Size, sliceSize, type Variables } from './list-size.ts'

/**
 * What one run of an operation may cost at most: its objects, each as often as the lists around it may hold it. Lists that
 * say no size count once; conditions count as met.
 */
export type CostOf = (variables: Variables) => number

/** One selection set or fragment: `base + Σ size × (each + below)`. */
class Sum {
  base = 0
  readonly terms: Term[] = []
  /** Of the request that is being looked at. */
  value = 0

  get isConstant(): boolean {
    return this.terms.length === 0
  }

  add(size: Size, each: number, below: Sum | null): void {
    const rest = below && !below.isConstant ? below : null
    const known = each + (below?.base ?? 0)
    if (typeof size !== 'number') this.terms.push({ size, each: rest ? each : known, below: rest })
    else if (rest) this.terms.push({ size, each, below: rest })
    else this.base += size * known
  }

  evaluate(variables: Variables): void {
    let value = this.base
    for (const { size, each, below } of this.terms) {
      value += (typeof size === 'number' ? size : size(variables)) * (each + (below?.value ?? 0))
    }
    this.value = value
  }
}

interface Term {
  readonly size: Size
  readonly each: number
  /** Null when all below is a part of `each`. */
  readonly below: Sum | null
}

/** The size that a field hands to the lists right below it, such as a connection to its `nodes` and `edges`. */
interface Inherited {
  readonly size: Size
  /** Null for every list. */
  readonly fields: readonly string[] | null
  readonly fragments: Map<string, Sum>
}

/** What a graph says about the cost of a field. */
interface Said {
  /** Coordinates that may say something: the field's own, and of an interface those of its objects. Empty when none does. */
  readonly owners: readonly string[]
  readonly weight: number
  readonly listSize: ListSize | undefined
}

const OBJECT: Said = { owners: [], weight: 1, listSize: undefined }
const LEAF: Said = { owners: [], weight: 0, listSize: undefined }

/** Compiles the cost of an operation that has passed validation; a request pays for the sizes that its variables say. */
export function compileCost(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  rules: CostRules
): CostOf {
  const compiler = new Compiler(schema, fragments, rules)
  const root = schema.getRootType(operation.operation)
  const sum = root ? compiler.set(operation.selectionSet, root, null) : new Sum()
  if (sum.isConstant) return () => sum.base
  const { variable } = compiler
  return variables => {
    for (const each of variable) each.evaluate(variables)
    return sum.value
  }
}

class Compiler {
  /** Sums that depend on variables, each after those that it needs. */
  readonly variable: Sum[] = []
  readonly #schema: GraphQLSchema
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #rules: CostRules
  readonly #known = new Map<string, Sum>()
  readonly #saidOf = new Map<string, Said>()

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>, rules: CostRules) {
    this.#schema = schema
    this.#fragments = fragments
    this.#rules = rules
  }

  set(set: SelectionSetNode, type: GraphQLNamedType, inherited: Inherited | null): Sum {
    const sum = new Sum()
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) this.#field(sum, selection, type, inherited)
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        sum.add(1, 0, this.#fragment(selection.name.value, inherited))
      } else {
        const condition = selection.typeCondition?.name.value
        const inner = (condition !== undefined && this.#schema.getType(condition)) || type
        sum.add(1, 0, this.set(selection.selectionSet, inner, inherited))
      }
    }
    if (!sum.isConstant) this.variable.push(sum)
    return sum
  }

  /** Each fragment once for each place from which it inherits, so that what spreads it many times costs nothing here. */
  #fragment(name: string, inherited: Inherited | null): Sum | null {
    const known = inherited?.fragments ?? this.#known
    const sum = known.get(name)
    if (sum) return sum
    const fragment = this.#fragments.get(name)
    const type = fragment && this.#schema.getType(fragment.typeCondition.name.value)
    if (!type) return null
    const made = this.set(fragment.selectionSet, type, inherited)
    known.set(name, made)
    return made
  }

  #field(sum: Sum, node: FieldNode, parent: GraphQLNamedType, inherited: Inherited | null): void {
    const name = node.name.value
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined
    // Introspection is answered by the router itself, under limits of its own.
    if (!field) return
    const type = getNamedType(field.type)
    const { owners, weight, listSize } = this.#said(parent, name, type)
    const { size, passes } = this.#sizes(node, field, listSize, inherited)
    const below = node.selectionSet && isCompositeType(type) ? this.set(node.selectionSet, type, passes) : null
    sum.add(size, weight, below)
    if (owners.length === 0) return
    for (const argument of field.args) {
      sum.add(inputCost(argument, node, owners, this.#rules.weights), 1, null)
    }
  }

  /** What is said of a field, once for each: an interface may have thousands of objects, which all have their say. */
  #said(parent: GraphQLNamedType, name: string, type: GraphQLNamedType): Said {
    const { weights, listSizes } = this.#rules
    if (weights.size === 0 && listSizes.size === 0) return isCompositeType(type) ? OBJECT : LEAF
    const own = `${parent.name}.${name}`
    const known = this.#saidOf.get(own)
    if (known) return known
    const objects = isInterfaceType(parent) ? this.#schema.getPossibleTypes(parent) : []
    const owners = [own, ...objects.map(object => `${object.name}.${name}`)]
    const weighed = owners.flatMap(owner => weights.get(owner) ?? [])
    const said = {
      owners,
      weight: weighed.length > 0 ? Math.max(...weighed) : (weights.get(type.name) ?? (isCompositeType(type) ? 1 : 0)),
      listSize: owners.map(owner => listSizes.get(owner)).find(each => each !== undefined)
    }
    this.#saidOf.set(own, said)
    return said
  }

  #sizes(
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    rule: ListSize | undefined,
    inherited: Inherited | null
  ): { readonly size: Size; readonly passes: Inherited | null } {
    const isList = isListType(getNullableType(field.type))
    const takes = inherited && (inherited.fields ? inherited.fields.includes(field.name) : isList)
    const own = takes ? inherited.size : 1
    const size = sliceSize(node, field, rule)
    if (size === null) return { size: own, passes: null }
    const sized = rule?.sizedFields ?? []
    if (sized.length === 0 && isList) return { size, passes: null }
    return { size: own, passes: { size, fields: sized.length > 0 ? sized : null, fragments: new Map() } }
  }
}
