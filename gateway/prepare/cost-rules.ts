import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind
} from 'graphql'
import { linkedNames, stringsArgument } from '../../policies/linked-names.ts'

const COST = 'https://specs.apollo.dev/cost'

/** `@listSize`: how many items the list of a field may hold. */
export interface ListSize {
  readonly assumedSize: number | null
  /** Arguments that say it; `a.b` is the field `b` of the argument `a`. */
  readonly slicingArguments: readonly string[]
  /** The lists below the field that it is about; empty when it is about the field's own. */
  readonly sizedFields: readonly string[]
}

/** What a graph says about the cost of its parts, by coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `Input.field`. */
export interface CostRules {
  readonly weights: ReadonlyMap<string, number>
  readonly listSizes: ReadonlyMap<string, ListSize>
}

export const NO_COST_RULES: CostRules = { weights: new Map(), listSizes: new Map() }

/** Reads `@cost` and `@listSize` of a supergraph, under whatever names it imports them. */
export function readCostRules(document: DocumentNode): CostRules {
  const names = linkedNames(document)
  const [cost, listSize] = [names.directive(COST, 'cost'), names.directive(COST, 'listSize')]
  if (cost === null && listSize === null) return NO_COST_RULES
  const reader = new Reader(cost, listSize)
  reader.document(document)
  return reader
}

interface Named {
  readonly directives?: readonly ConstDirectiveNode[] | undefined
}

class Reader implements CostRules {
  readonly weights = new Map<string, number>()
  readonly listSizes = new Map<string, ListSize>()
  readonly #cost: string | null
  readonly #listSize: string | null

  constructor(cost: string | null, listSize: string | null) {
    this.#cost = cost
    this.#listSize = listSize
  }

  document({ definitions }: DocumentNode): void {
    for (const definition of definitions) this.#definition(definition)
  }

  #definition(node: DefinitionNode): void {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        this.#weight(node.name.value, node)
        for (const field of node.fields ?? []) this.#field(`${node.name.value}.${field.name.value}`, field)
        break
      case Kind.SCALAR_TYPE_DEFINITION:
      case Kind.ENUM_TYPE_DEFINITION:
        this.#weight(node.name.value, node)
        break
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        for (const field of node.fields ?? []) this.#input(`${node.name.value}.${field.name.value}`, field)
        break
    }
  }

  #field(coordinate: string, node: FieldDefinitionNode): void {
    this.#weight(coordinate, node)
    for (const argument of node.arguments ?? []) this.#input(`${coordinate}(${argument.name.value}:)`, argument)
    const directive = applied(node, this.#listSize)
    if (!directive) return
    this.listSizes.set(coordinate, {
      assumedSize: numberArgument(directive, 'assumedSize'),
      slicingArguments: stringsArgument(directive, 'slicingArguments'),
      sizedFields: stringsArgument(directive, 'sizedFields')
    })
  }

  #input(coordinate: string, node: InputValueDefinitionNode): void {
    this.#weight(coordinate, node)
  }

  #weight(coordinate: string, node: Named): void {
    const directive = applied(node, this.#cost)
    const weight = directive && numberArgument(directive, 'weight')
    if (typeof weight === 'number') this.weights.set(coordinate, weight)
  }
}

function applied({ directives }: Named, name: string | null): ConstDirectiveNode | undefined {
  return name === null ? undefined : directives?.find(directive => directive.name.value === name)
}

/** The federation spec takes whole numbers, IBM's takes them in texts. */
function numberArgument(node: ConstDirectiveNode, name: string): number | null {
  const value = node.arguments?.find(argument => argument.name.value === name)?.value
  if (value?.kind !== Kind.INT && value?.kind !== Kind.FLOAT && value?.kind !== Kind.STRING) return null
  const number = Number(value.value)
  return Number.isFinite(number) ? number : null
}
