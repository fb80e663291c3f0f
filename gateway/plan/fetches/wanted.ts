import {
  type ArgumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  print,
  type SelectionSetNode
} from 'graphql'
import { responseKeyOf } from '../ast.ts'
import type { SubgraphTypes } from './subgraph-types.ts'

/** A field that is wanted of a row. */
export interface WantedField {
  /** Where it stands in the router's data. */
  readonly key: string
  readonly name: string
  readonly args: readonly ArgumentNode[]
  /** Equal for fields that have equal values. */
  readonly signature: string
  readonly inner: Wanted | null
}

/** What is wanted of the rows at one place, by the type that they have. */
export interface Wanted {
  readonly id: number
  /** How many fields it names, all told. */
  readonly size: number
  /** Fields of rows of a type; of an interface: those of its rows whatever their type. Without `__typename`. */
  fields(typename: string): readonly WantedField[]
  /** Whether it depends on a row's type what is answered: its name is wanted, or something of some types alone. */
  wantsType(typename: string): boolean
}

/** Reads what an operation wants; equal selections are the same object. */
export class WantedReader {
  readonly #types: SubgraphTypes
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #known = new Map<string, Wanted>()
  readonly #ids = new Map<SelectionSetNode, number>()

  constructor(types: SubgraphTypes, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#types = types
    this.#fragments = fragments
  }

  read(sets: readonly SelectionSetNode[]): Wanted {
    const identity = [...new Set(sets.map(set => this.#idOf(set)))].join()
    const known = this.#known.get(identity)
    if (known) return known
    const byType = new Map<string, TypeWanted>()
    const of = (typename: string): TypeWanted => {
      const found = byType.get(typename)
      if (found) return found
      const made = this.#typeWanted(sets, typename)
      byType.set(typename, made)
      return made
    }
    const wanted: Wanted = {
      id: this.#known.size,
      size: sets.reduce((size, set) => size + this.#sizeOf(set), 0),
      fields: typename => of(typename).fields,
      wantsType: typename => of(typename).wantsType
    }
    this.#known.set(identity, wanted)
    return wanted
  }

  #sizeOf({ selections }: SelectionSetNode): number {
    let size = 0
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) size += 1 + (selection.selectionSet ? this.#sizeOf(selection.selectionSet) : 0)
      else if (selection.kind === Kind.INLINE_FRAGMENT) size += this.#sizeOf(selection.selectionSet)
      else size += 1
    }
    return size
  }

  #idOf(set: SelectionSetNode): number {
    const id = this.#ids.get(set) ?? this.#ids.size
    this.#ids.set(set, id)
    return id
  }

  #typeWanted(sets: readonly SelectionSetNode[], type: string): TypeWanted {
    const found = new Map<string, { readonly node: FieldNode; readonly inner: SelectionSetNode[] }>()
    let wantsType = false
    const collect = (set: SelectionSetNode): void => {
      for (const selection of set.selections) {
        if (selection.kind === Kind.FIELD) {
          const key = responseKeyOf(selection)
          if (selection.name.value === '__typename') {
            wantsType = true
            continue
          }
          const field = found.get(key) ?? { node: selection, inner: [] }
          found.set(key, field)
          if (selection.selectionSet) field.inner.push(selection.selectionSet)
          continue
        }
        const source = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value)
        const condition = source?.typeCondition?.name.value
        if (!source) continue
        if (condition === undefined || this.#types.meets(type, condition)) collect(source.selectionSet)
        else wantsType ||= this.#types.meets(condition, type)
      }
    }
    for (const set of sets) collect(set)
    const fields = [...found].map(([key, { node, inner }]): WantedField => {
      const args = node.arguments ?? []
      return {
        key,
        name: node.name.value,
        args,
        signature: signatureOf(node.name.value, args),
        inner: inner.length > 0 ? this.read(inner) : null
      }
    })
    return { fields, wantsType }
  }
}

interface TypeWanted {
  readonly fields: readonly WantedField[]
  readonly wantsType: boolean
}

/** Equal for equal fields with equal arguments. */
export function signatureOf(name: string, args: readonly ArgumentNode[]): string {
  return args.length === 0 ? name : `${name} ${args.map(print).sort()}`
}
