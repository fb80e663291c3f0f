import {
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  type SelectionSetNode
} from 'graphql'
import { isRecord } from '../execute/bare.ts'
import { Failure } from '../execute/failure.ts'
import { compileProject, type Plain } from '../execute/fast-shape.ts'
import { jsonOf, NULL } from '../execute/json-text.ts'
import type { Complete, Shape, ShapeField, Shapes } from '../execute/projection.ts'
import type { Document } from '../prepare/document.ts'
import { type DataKey, rootPlace } from './data-keys.ts'
import { completeLeaf } from './leaves.ts'
import { type SelectedField, selectedFields } from './selected.ts'
import type { Supergraph } from './supergraph.ts'

/** Compiles what the client selected, by what its view lets it see, into the shape of the answer; `nulls` show nothing. */
export function compileShape(
  document: Document,
  supergraph: Supergraph,
  dataKey: DataKey,
  nulls: ReadonlySet<FieldNode> = new Set()
): Shape {
  const { operation, schema } = document
  const root = schema.getRootType(operation.operation)
  if (!root) throw new Error(`the view has no ${operation.operation} type`)
  return new ShapeCompiler(document, supergraph, dataKey, nulls).shape(root, [operation.selectionSet], true)
}

/** What stands behind a field, as the compiler knows it. */
interface Composite extends Shapes {
  readonly complete: Complete
  /** Items that are left out of lists: rows of a type that the view hides (semantics K8). */
  readonly hides: ((item: unknown) => boolean) | null
}

class ShapeCompiler {
  readonly #document: Document
  readonly #supergraph: Supergraph
  readonly #dataKey: DataKey
  readonly #nulls: ReadonlySet<FieldNode>
  readonly #shapes = new Map<string, Shape>()
  readonly #ids = new Map<SelectionSetNode, number>()

  constructor(document: Document, supergraph: Supergraph, dataKey: DataKey, nulls: ReadonlySet<FieldNode>) {
    this.#document = document
    this.#supergraph = supergraph
    this.#dataKey = dataKey
    this.#nulls = nulls
  }

  /** A fragment that is spread in many places has one shape for each type. */
  shape(type: GraphQLObjectType | GraphQLInterfaceType, selected: readonly SelectionSetNode[], atRoot: boolean): Shape {
    const identity = `${type.name} ${[...new Set(selected)].map(set => this.#idOf(set))}`
    const known = this.#shapes.get(identity)
    if (known) return known
    const made = this.#made(type, selected, atRoot)
    this.#shapes.set(identity, made)
    return made
  }

  #idOf(set: SelectionSetNode): number {
    const id = this.#ids.get(set) ?? this.#ids.size
    this.#ids.set(set, id)
    return id
  }

  #made(type: GraphQLObjectType | GraphQLInterfaceType, selected: readonly SelectionSetNode[], atRoot: boolean): Shape {
    const { view, schema, fragments } = this.#document
    const cells = view.cells.get(type.name)
    const fields = [...selectedFields(schema, fragments, type, selected, this.#nulls)].map(([key, field]) =>
      this.#field(type, key, field, cells, atRoot)
    )
    const general = { fields, hasCells: fields.some(field => field.cell !== -1) }
    return { ...general, project: compileProject(general) }
  }

  #field(
    type: GraphQLObjectType | GraphQLInterfaceType,
    key: string,
    { node, inner }: SelectedField,
    cells: ReadonlyMap<string, number> | undefined,
    atRoot: boolean
  ): ShapeField {
    const name = node.name.value
    const coordinate = `${type.name}.${name}`
    const keyText = `${JSON.stringify(key)}:`
    if (name === '__typename') {
      const constant = JSON.stringify(type.name)
      return { key, keyText, from: name, cell: -1, constant, coordinate, complete: introspected, inner: null }
    }
    // Introspection is answered whole, under the client's own keys.
    const definition = type.getFields()[name]
    if (!definition) {
      const from = introspectionKey(key)
      return { key, keyText, from, cell: -1, constant: null, coordinate, complete: introspected, inner: null }
    }
    if (this.#nulls.has(node)) {
      const complete: Complete = isNonNullType(definition.type) ? (_, projection) => projection.withheld() : () => NULL
      return { key, keyText, from: NOWHERE, cell: -1, constant: null, coordinate, complete, inner: null }
    }
    const named = getNamedType(definition.type)
    const composite = isCompositeType(named) ? this.#composite(named, inner) : null
    const leaf = isLeafType(named) ? completeLeaf(named, this.#document.view.masks.get(coordinate)) : null
    return {
      key,
      keyText,
      from: this.#dataKey(node, atRoot ? rootPlace(this.#document.operation.operation) : 'below'),
      cell: cells?.get(name) ?? -1,
      constant: null,
      coordinate,
      complete: completeType(definition.type, composite?.complete ?? leaf ?? introspected, composite),
      plain: plainOf(definition.type, this.#document.view.masks.has(coordinate)),
      inner: composite
    }
  }

  #composite(type: GraphQLObjectType | GraphQLAbstractType, selected: readonly SelectionSetNode[]): Composite {
    return isAbstractType(type) ? this.#abstract(type, selected) : this.#object(type, selected)
  }

  #object(type: GraphQLObjectType, selected: readonly SelectionSetNode[]): Composite {
    const shape = this.shape(type, selected, false)
    const shapes: Composite = {
      find: from => shape.fields.find(field => field.from === from) ?? null,
      hides: null,
      complete: (value, projection) => {
        if (isRecord(value) && !(value instanceof Failure)) return projection.show(value, shape)
        return notAnObject(value, projection, shapes)
      }
    }
    return shapes
  }

  #abstract(type: GraphQLAbstractType, selected: readonly SelectionSetNode[]): Composite {
    const known = new Map<string, Shape | null>()
    const shapeOf = (typename: string): Shape | null => {
      const found = known.get(typename)
      if (found !== undefined) return found
      const shape = this.#member(type, typename, selected)
      // Only names of the supergraph: a subgraph's text must not fill the memory.
      if (shape || this.#supergraph.schema.getType(typename)) known.set(typename, shape)
      return shape
    }
    const shapeOfRow = (row: Readonly<Record<string, unknown>>): Shape | null => {
      const typename = row['__typename']
      if (typeof typename === 'string') return shapeOf(typename)
      return typename instanceof Failure ? null : shapeOf(type.name)
    }
    const members = this.#document.schema.getPossibleTypes(type)
    const shapes: Composite = {
      find(from) {
        for (const { name } of members) {
          const field = shapeOf(name)?.fields.find(candidate => candidate.from === from)
          if (field) return field
        }
        return null
      },
      hides: item =>
        isRecord(item) &&
        !(item instanceof Failure) &&
        shapeOfRow(item) === null &&
        !(item['__typename'] instanceof Failure),
      complete: (value, projection) => {
        if (!isRecord(value) || value instanceof Failure) return notAnObject(value, projection, shapes)
        const shape = shapeOfRow(value)
        if (shape) return projection.show(value, shape)
        const typename = value['__typename']
        return typename instanceof Failure ? projection.failed(typename, shapes) : NULL
      }
    }
    return shapes
  }

  /** Null for a type that the view hides, and for a row whose type is unknown where the type would decide what is shown. */
  #member(type: GraphQLAbstractType, typename: string, selected: readonly SelectionSetNode[]): Shape | null {
    const { schema, view } = this.#document
    const { masks, cells, denied } = view
    const member = schema.getType(typename)
    if (denied?.has(typename)) return null
    if (isObjectType(member) && schema.isSubType(type, member)) return this.shape(member, selected, false)
    if (!isInterfaceType(type) || !this.#supergraph.isInterfaceObject(typename)) return null
    const members = schema.getPossibleTypes(type)
    const whole = this.#supergraph.schema.getType(type.name)
    const hidden = isAbstractType(whole) && this.#supergraph.schema.getPossibleTypes(whole).length > members.length
    const decides = members.some(
      ({ name }) => cells.has(name) || [...masks.keys()].some(key => key.startsWith(`${name}.`))
    )
    // A row of an interface object: what is selected of the interface itself is the same for every type.
    return hidden || decides ? null : this.shape(type, selected, false)
  }
}

/** No data key is like this: nothing is ever read for what is withheld. */
const NOWHERE = ' withheld'

/** Where the answers to introspection stand in the router's data: no data key starts like this. */
export function introspectionKey(responseKey: string): string {
  return `__introspection ${responseKey}`
}

/** Values of the type that need no second look; null when every one does. */
function plainOf(type: GraphQLOutputType, masked: boolean): Plain | null {
  const leaf = getNullable(type)
  if (masked || !isScalarType(leaf)) return null
  return { kind: PLAIN_KINDS.get(leaf.name) ?? 'scalar', nullable: leaf === type }
}

const PLAIN_KINDS: ReadonlyMap<string, Plain['kind']> = new Map([
  ['String', 'string'],
  ['ID', 'string'],
  ['Int', 'int'],
  ['Float', 'float'],
  ['Boolean', 'boolean']
])

/** Descriptions may be written in any language. */
const introspected: Complete = (value, projection) => {
  projection.latin1 = false
  return jsonOf(value)
}

function notAnObject(value: unknown, projection: Parameters<Complete>[1], shapes: Shapes): typeof NULL {
  if (value === null || value === undefined) return NULL
  return value instanceof Failure ? projection.failed(value, shapes) : projection.unfit()
}

/** Wraps the completion of the named type in its lists and non-nulls. */
function completeType(type: GraphQLOutputType, named: Complete, composite: Composite | null): Complete {
  if (isNonNullType(type)) {
    const inner = nullable(type.ofType, named, composite)
    return (value, projection) => {
      const text = inner(value, projection)
      return text === NULL ? undefined : text
    }
  }
  const inner = nullable(type, named, composite)
  // Leaves never ask their parent to be null.
  if (isLeafType(type)) return inner
  return (value, projection) => inner(value, projection) ?? NULL
}

/** `NULL` and undefined = null; undefined when a null has to move up. */
function nullable(type: GraphQLOutputType, named: Complete, composite: Composite | null): Complete {
  if (!isListType(type)) return named
  const item = completeType(type.ofType, named, composite)
  const hides = isListType(getNullable(type.ofType)) ? null : (composite?.hides ?? null)
  return (value, projection) => {
    if (Array.isArray(value)) return projection.list(value, item, hides)
    if (value === null || value === undefined) return NULL
    return value instanceof Failure ? projection.failed(value, composite) : projection.unfit()
  }
}

function getNullable(type: GraphQLOutputType): GraphQLOutputType {
  return isNonNullType(type) ? type.ofType : type
}
