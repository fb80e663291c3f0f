import {
  type ArgumentNode,
  type FieldNode,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
  type VariableDefinitionNode,
  visit
} from 'graphql'
import { TYPENAME } from '../ast.ts'
import type { Selected, SelectedField, SelectedRows } from './group.ts'
import type { EntityAlias, Rename } from './plan-node.ts'
import type { SubgraphTypes, TypeIn } from './subgraph-types.ts'

/** Selections as they are sent, and what the answer's keys are called afterwards. */
export interface Written {
  readonly set: SelectionSetNode
  readonly renames: readonly Rename[]
}

/** Writes the selections of a group for its subgraph. */
export class FetchWriter {
  readonly #types: SubgraphTypes
  readonly #subgraph: string
  readonly #renames: Rename[] = []
  readonly #merging = new Map<SelectedField, Map<SelectedField, boolean>>()
  readonly #fields = new Map<SelectedRows, ReadonlyMap<string, ReadonlySet<SelectedField>>>()
  #aliases = 0

  constructor(types: SubgraphTypes, subgraph: string) {
    this.#types = types
    this.#subgraph = subgraph
  }

  write(rows: SelectedRows): Written {
    return { set: this.#rows(rows, []), renames: this.#renames }
  }

  #rows(rows: SelectedRows, path: readonly string[]): SelectionSetNode {
    const { type } = rows
    const selections = type && !type.isAbstract ? this.#object(rows, type, path) : this.#abstract(rows, path)
    return { kind: Kind.SELECTION_SET, selections: selections.length > 0 ? selections : [TYPENAME] }
  }

  #object(rows: SelectedRows, type: TypeIn, path: readonly string[]): readonly SelectionNode[] {
    const selected = rows.of(type.name)
    const fields = [...selected.fields].map(([key, field]) => this.#field(key, key, field, path))
    return selected.typename ? [TYPENAME, ...fields] : fields
  }

  #abstract(rows: SelectedRows, path: readonly string[]): readonly SelectionNode[] {
    const { type, byType } = rows
    const common = type ? this.#common(type, byType) : new Map<string, SelectedField>()
    const written: SelectionNode[] = type ? [TYPENAME] : []
    for (const [key, field] of common) written.push(this.#field(key, key, field, path))
    const earlier = new Map(common)
    for (const [typename, { fields, typename: asks }] of byType) {
      const inner: SelectionNode[] = asks && !type ? [TYPENAME] : []
      for (const [key, field] of fields) {
        if (common.has(key)) continue
        const other = earlier.get(key)
        const clash = other !== undefined && !this.#mayMerge(other, field)
        if (!clash) earlier.set(key, field)
        inner.push(this.#field(key, clash ? `_c${this.#aliases++}_${field.name}` : key, field, path))
      }
      if (inner.length > 0) written.push(typed(typename, inner))
    }
    return written
  }

  /** Fields that are selected alike of every type that a row may have, and that the abstract type itself has. */
  #common(type: TypeIn, byType: ReadonlyMap<string, Selected>): Map<string, SelectedField> {
    const common = new Map<string, SelectedField>()
    const [first] = byType.values()
    if (type.fields.size === 0 || !first) return common
    for (const [key, field] of first.fields) {
      const declared = type.fields.get(field.name)
      if (!declared) continue
      const alike = type.members.every(member => {
        const other = byType.get(member)?.fields.get(key)
        return other !== undefined && isAlike(other, field)
      })
      if (alike && (!field.inner || this.#leadsAlike(declared.named, field))) common.set(key, field)
    }
    return common
  }

  /** What is selected of the field of one type can be selected of the interface's field, too. */
  #leadsAlike(named: string, { field }: SelectedField): boolean {
    return named === field.named
  }

  #field(key: string, alias: string, { name, args, inner }: SelectedField, path: readonly string[]): FieldNode {
    const selectionSet = inner && this.#rows(inner, [...path, alias])
    // What is inside is renamed first, as long as its path is right.
    if (alias !== key) this.#renames.push({ path, from: alias, to: key })
    return {
      kind: Kind.FIELD,
      name: { kind: Kind.NAME, value: name },
      ...(alias !== name && { alias: { kind: Kind.NAME, value: alias } }),
      ...(args.length > 0 && { arguments: args }),
      ...(selectionSet && { selectionSet })
    }
  }

  /** Whether a subgraph accepts both under one key of rows that cannot be the same. */
  #mayMerge(a: SelectedField, b: SelectedField): boolean {
    // What is selected of the same rows has no clash with itself: whatever clashes there is renamed.
    if (a === b || (a.inner !== null && a.inner === b.inner)) return true
    const known = this.#merging.get(a)?.get(b)
    if (known !== undefined) return known
    const may = this.#compare(a, b)
    const of = this.#merging.get(a) ?? new Map<SelectedField, boolean>()
    this.#merging.set(a, of.set(b, may))
    return may
  }

  #compare(a: SelectedField, b: SelectedField): boolean {
    if (!sameShape(a.field.type, b.field.type, name => this.#isComposite(name))) return false
    if (!a.inner || !b.inner) return !a.inner && !b.inner
    const others = this.#fieldsOf(b.inner)
    for (const [key, fields] of this.#fieldsOf(a.inner)) {
      for (const other of others.get(key) ?? [])
        for (const field of fields) if (!this.#mayMerge(field, other)) return false
    }
    return true
  }

  /** What is selected under each key, whatever the type. */
  #fieldsOf(rows: SelectedRows): ReadonlyMap<string, ReadonlySet<SelectedField>> {
    const known = this.#fields.get(rows)
    if (known) return known
    const fields = new Map<string, Set<SelectedField>>()
    for (const selected of new Set(rows.byType.values())) {
      for (const [key, field] of selected.fields) fields.set(key, (fields.get(key) ?? new Set()).add(field))
    }
    this.#fields.set(rows, fields)
    return fields
  }

  #isComposite(name: string): boolean {
    return this.#types.typeIn(name, this.#subgraph) !== undefined
  }
}

/** Whether two selections are the same, wherever they were made. */
export function isAlike(a: SelectedField, b: SelectedField): boolean {
  if (a === b) return true
  if (a.name !== b.name || a.args.length !== b.args.length) return false
  if (a.args !== b.args && a.args.map(print).join() !== b.args.map(print).join()) return false
  if (!a.inner || !b.inner) return a.inner === b.inner
  return a.inner.type === b.inner.type && areAlike(a.inner, b.inner)
}

export function areAlike(a: SelectedRows, b: SelectedRows): boolean {
  if (a === b) return true
  if (a.byType.size !== b.byType.size) return false
  for (const [typename, selected] of a.byType) {
    const other = b.byType.get(typename)
    if (other === selected) continue
    if (!other || other.typename !== selected.typename || other.fields.size !== selected.fields.size) return false
    for (const [key, field] of selected.fields) {
      const same = other.fields.get(key)
      if (!same || !isAlike(field, same)) return false
    }
  }
  return true
}

function sameShape(a: TypeNode, b: TypeNode, isComposite: (name: string) => boolean): boolean {
  if (a.kind === Kind.NON_NULL_TYPE || b.kind === Kind.NON_NULL_TYPE)
    return a.kind === Kind.NON_NULL_TYPE && b.kind === Kind.NON_NULL_TYPE && sameShape(a.type, b.type, isComposite)
  if (a.kind === Kind.LIST_TYPE || b.kind === Kind.LIST_TYPE)
    return a.kind === Kind.LIST_TYPE && b.kind === Kind.LIST_TYPE && sameShape(a.type, b.type, isComposite)
  return a.name.value === b.name.value || (isComposite(a.name.value) && isComposite(b.name.value))
}

function typed(name: string, selections: readonly SelectionNode[]): SelectionNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: namedType(name),
    selectionSet: { kind: Kind.SELECTION_SET, selections }
  }
}

function namedType(name: string): NamedTypeNode {
  return { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } }
}

/** Names of the variables that selections use, in the order in which the operation defines them. */
export function usedVariables(
  sets: readonly SelectionSetNode[],
  definitions: readonly VariableDefinitionNode[]
): readonly VariableDefinitionNode[] {
  if (definitions.length === 0) return []
  const used = new Set<string>()
  for (const set of sets)
    visit(set, {
      Variable: ({ name }) => {
        used.add(name.value)
      }
    })
  return definitions.filter(({ variable }) => used.has(variable.name.value))
}

/** An operation of root fields. */
export function rootOperation(
  operation: OperationTypeNode,
  selectionSet: SelectionSetNode,
  variableDefinitions: readonly VariableDefinitionNode[]
): OperationDefinitionNode {
  return { kind: Kind.OPERATION_DEFINITION, operation, variableDefinitions, selectionSet }
}

/** An operation of entities: for each alias its variable, and what is selected. */
export function entityOperation(
  aliases: readonly Pick<EntityAlias, 'alias' | 'representations'>[],
  sets: readonly SelectionSetNode[],
  variableDefinitions: readonly VariableDefinitionNode[]
): OperationDefinitionNode {
  const any: TypeNode = {
    kind: Kind.NON_NULL_TYPE,
    type: { kind: Kind.LIST_TYPE, type: { kind: Kind.NON_NULL_TYPE, type: namedType('_Any') } }
  }
  return {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions: [
      ...aliases.map(
        ({ representations }): VariableDefinitionNode => ({
          kind: Kind.VARIABLE_DEFINITION,
          variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: representations } },
          type: any
        })
      ),
      ...variableDefinitions
    ],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: aliases.map(({ alias, representations }, i): FieldNode => {
        const selectionSet = sets[i]
        const argument: ArgumentNode = {
          kind: Kind.ARGUMENT,
          name: { kind: Kind.NAME, value: 'representations' },
          value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: representations } }
        }
        return {
          kind: Kind.FIELD,
          name: { kind: Kind.NAME, value: '_entities' },
          ...(alias !== '_entities' && { alias: { kind: Kind.NAME, value: alias } }),
          arguments: [argument],
          ...(selectionSet && { selectionSet })
        }
      })
    }
  }
}
