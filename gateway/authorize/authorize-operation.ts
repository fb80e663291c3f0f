import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  type InlineFragmentNode,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit
} from 'graphql'
import { responseKeyOf } from '../plan/ast.ts'
import type { Document } from '../prepare/document.ts'
import { type Denial, denial, MAX_DENIALS } from './denials.ts'
import { deniedVariables, type FindDeniedVariable, writesDenied } from './denied-inputs.ts'
import { reachOf, type Scope } from './reach.ts'

/** An operation as its caller may have it. */
export interface AuthorizedOperation {
  /** What may be fetched. */
  readonly planned: Document
  /** What the answer shows, with nulls where something is denied. */
  readonly shown: Document
  /** Fields of `shown` that are null, whatever there is. */
  readonly nulls: ReadonlySet<FieldNode>
  readonly denials: readonly Denial[]
  /** Whether nothing of the root is left to fetch. */
  readonly isEmpty: boolean
  readonly findDeniedVariable: FindDeniedVariable | null
}

/** What is left of some selections. */
interface Left {
  readonly shown: readonly SelectionNode[]
  readonly planned: readonly SelectionNode[]
  /** Something is fetched that the client asked for. */
  readonly hasContent: boolean
  /** Something was taken away. */
  readonly isCut: boolean
  /** A field is null that may not be, whatever the type of the row. */
  readonly isNull: boolean
}

/** A scope at its place: response keys from the root. */
interface Place extends Scope {
  readonly path: readonly string[]
}

/**
 * Takes away what the view denies, before anything is planned. What is decided depends on the place and on the types
 * that a row can have there, never on the response key (security A6, A7): fragments are opened where they are used
 * (A26). Conditions must be resolved (A30). Documents of views that deny nothing are given back as they are.
 */
export function authorizeOperation(document: Document): AuthorizedOperation {
  const { operation, schema, view } = document
  const { denied } = view
  const root = schema.getRootType(operation.operation)
  if (!denied || denied.size === 0 || !root) {
    const whole = { planned: document, shown: document, nulls: new Set<FieldNode>(), denials: [] }
    return { ...whole, isEmpty: false, findDeniedVariable: null }
  }
  const nulls = new Set<FieldNode>()
  const denials = new Map<string, Denial>()
  const reach = reachOf(document)

  const deny = (path: readonly string[], condition?: string): void => {
    const one = denial(path, condition)
    if (denials.size < MAX_DENIALS) denials.set(JSON.stringify(one), one)
  }
  const isDenied = ({ name }: GraphQLObjectType): boolean => denied.has(name)
  /**
   * Rows of a denied type are left out. What is asked of all types alike would still tell whether there was one, and of
   * which kind: so it takes the rules of all (security A2, A3).
   */
  const isClosed = (set: SelectionSetNode, scope: Scope): boolean =>
    scope.members.some(isDenied) && (scope.members.every(isDenied) || reach.asksAll(set, scope))

  const read = ({ selections }: SelectionSetNode, place: Place): Left =>
    together(
      selections.map(selection => {
        if (selection.kind === Kind.FIELD) return field(selection, place)
        const opened = reach.open(selection)
        return opened ? fragment(opened, place) : NOTHING
      })
    )

  const field = (node: FieldNode, { type, members, path }: Place): Left => {
    const name = node.name.value
    const definition = 'getFields' in type ? type.getFields()[name] : undefined
    // `__typename`, and introspection, which shows the public schema.
    if (!definition) return whole(node)
    const here = [...path, responseKeyOf(node)]
    const named = getNamedType(definition.type)
    const inner = isCompositeType(named) ? reach.of(named) : null
    const isForbidden =
      members.some(member => isDenied(member) || denied.has(`${member.name}.${name}`)) ||
      givesDenied(node, definition, denied) ||
      (node.selectionSet && inner && isClosed(node.selectionSet, inner))
    if (isForbidden) {
      deny(here)
      return none(node, definition.type)
    }
    if (!node.selectionSet || !inner) return whole(node)

    const left = read(node.selectionSet, { ...inner, path: here })
    // It could only be null, or would be fetched for nothing.
    if (left.isNull && !isListType(getNullableType(definition.type))) return none(node, definition.type)
    const isHollow = left.isCut && !left.hasContent
    if (isHollow && !isNonNullType(definition.type)) return none(node, definition.type)
    return {
      shown: [withSelections(node, left.shown)],
      planned: [withSelections(node, left.planned)],
      hasContent: !isHollow,
      isCut: left.isCut,
      isNull: false
    }
  }

  const fragment = (node: InlineFragmentNode, { path, ...scope }: Place): Left => {
    const inner = reach.narrowed(node, scope)
    if (inner.members.length === 0) return NOTHING
    const narrows = inner.members.length < scope.members.length
    if (narrows && isClosed(node.selectionSet, inner)) {
      deny(path, inner.type.name)
      return { ...NOTHING, isCut: true }
    }
    const left = read(node.selectionSet, { ...inner, path })
    return {
      ...left,
      shown: wrapped(node, left.shown),
      planned: wrapped(node, left.planned),
      isNull: left.isNull && !narrows
    }
  }

  const none = (node: FieldNode, type: GraphQLOutputType): Left => ({
    ...NOTHING,
    shown: [nulled(node)],
    isCut: true,
    isNull: isNonNullType(type)
  })

  /** The selection with every field in it null: an allowed field of the same response key may bring the object. */
  const nulled = <Node extends FieldNode | InlineFragmentNode>(node: Node): Node => {
    const selections = node.selectionSet?.selections.flatMap((each): readonly (FieldNode | InlineFragmentNode)[] => {
      if (each.kind === Kind.FIELD) return [nulled(each)]
      const opened = reach.open(each)
      return opened ? [nulled(opened)] : []
    })
    const copy = selections ? withSelections(node, selections) : { ...node }
    if (copy.kind === Kind.FIELD && !copy.name.value.startsWith('__')) nulls.add(copy)
    return copy
  }

  const left = read(operation.selectionSet, { ...reach.of(root), path: [] })
  const isEmpty = left.isNull || (left.isCut && !left.hasContent)
  const shown = isEmpty
    ? left.shown.map(each => (each.kind === Kind.FRAGMENT_SPREAD ? each : nulled(each)))
    : left.shown
  const planned = withUsedVariables(withSelections(operation, isEmpty ? [] : left.planned))
  return {
    planned: { ...document, operation: planned },
    shown: { ...document, operation: withSelections(operation, shown) },
    nulls,
    denials: [...denials.values()],
    isEmpty,
    findDeniedVariable: deniedVariables(planned, schema, denied)
  }
}

const NOTHING: Left = { shown: [], planned: [], hasContent: false, isCut: false, isNull: false }

function whole(node: FieldNode): Left {
  return { shown: [node], planned: [node], hasContent: true, isCut: false, isNull: false }
}

function together(parts: readonly Left[]): Left {
  return {
    shown: parts.flatMap(part => part.shown),
    planned: parts.flatMap(part => part.planned),
    hasContent: parts.some(part => part.hasContent),
    isCut: parts.some(part => part.isCut),
    isNull: parts.some(part => part.isNull)
  }
}

function givesDenied(
  node: FieldNode,
  definition: GraphQLField<unknown, unknown>,
  denied: ReadonlySet<string>
): boolean {
  return (node.arguments ?? []).some(({ name, value }) => {
    const argument = definition.args.find(each => each.name === name.value)
    return argument !== undefined && writesDenied(value, argument.type, denied)
  })
}

/** The planner is not told of variables that nothing uses any more (security A32). */
function withUsedVariables(operation: OperationDefinitionNode): OperationDefinitionNode {
  const used = new Set<string>()
  visit(operation.selectionSet, { Variable: ({ name }) => void used.add(name.value) })
  const variableDefinitions = operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value))
  return { ...operation, ...(variableDefinitions && { variableDefinitions }) }
}

function withSelections<Node extends { readonly selectionSet?: SelectionSetNode | undefined }>(
  node: Node,
  selections: readonly SelectionNode[]
): Node {
  return { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } }
}

function wrapped(node: InlineFragmentNode, selections: readonly SelectionNode[]): readonly SelectionNode[] {
  return selections.length > 0 ? [withSelections(node, selections)] : []
}
