import { createHash } from 'node:crypto'
import {
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType
} from 'graphql'
import type { Access } from '../platform/scope/scope.ts'
import { BitSet } from './bit-set.ts'
import type { Consumer } from './consumer.ts'
import { isOnEveryRow } from './decision.ts'
import type { Graph } from './graph.ts'
import { isIn, type Resolved } from './resolve-party.ts'
import { ALL_ROWS, bind, implies, isCovered, type ScopeTemplate, scopeText } from './row-scope.ts'
import type { Mask, View } from './view.ts'
import { materialise, type Selection } from './view-schema.ts'
import { writableRows } from './write-scopes.ts'

/** Schemas by what is selected: parties that see the same share one. It may forget: a schema is made again when it is asked for. */
export interface SchemaCache {
  get(key: string): GraphQLSchema | undefined
  set(key: string, schema: GraphQLSchema): unknown
}

/** The view of a party class: bits over the graph's coordinates, and the clauses beside them (semantics K10). */
export class PartyView implements View {
  readonly id: string
  readonly party: string
  readonly masks: ReadonlyMap<string, Mask>
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly resolved: Resolved
  readonly #graph: Graph
  readonly #schemas: SchemaCache
  readonly #visible: BitSet
  readonly #nullable: BitSet
  readonly #outputs: ReadonlyMap<string, string>
  readonly #schemaKey: string

  constructor(resolved: Resolved, graph: Graph, schemas: SchemaCache) {
    this.party = resolved.party
    this.resolved = resolved
    this.#graph = graph
    this.#schemas = schemas
    this.#visible = visibleBits(resolved, graph)
    this.#nullable = nullableBits(resolved, graph)
    this.cells = dependentCells(resolved)
    const masks = [...resolved.cells].flatMap(([coordinate, { mask }]) => (mask ? [[coordinate, mask] as const] : []))
    this.masks = new Map(masks)
    this.#outputs = withInterfaces(
      new Map(masks.map(([coordinate, mask]) => [coordinate, mask.output])),
      resolved,
      graph
    )
    this.#schemaKey = [
      graph.hash,
      this.#visible.key(),
      this.#nullable.key(),
      ...[...this.#outputs].map(entry => entry.join(' '))
    ].join('|')
    this.id = createHash('sha256')
      .update(this.#schemaKey)
      .update(JSON.stringify(clauses(resolved)))
      .digest('hex')
  }

  get schema(): GraphQLSchema {
    const known = this.#schemas.get(this.#schemaKey)
    if (known) return known
    const made = materialise(this.#graph, this.#selection())
    this.#schemas.set(this.#schemaKey, made)
    return made
  }

  /** With `mutation`, write scopes are that mutation's; without, those that all of the party's mutations share. */
  access({ claims }: Consumer, mutation?: string): Pick<Access, 'read' | 'write'> {
    const read: Record<string, ReturnType<typeof bind>> = Object.create(null)
    for (const type of this.resolved.visible.keys()) {
      if (!isObjectType(this.#graph.schema.getType(type)) || this.#graph.isRoot(type)) continue
      const isLimited = this.#graph.ownership.scopedBy(type) !== null
      const scopes = isLimited ? this.resolved.scopes.get(type) : [ALL_ROWS]
      if (scopes?.length) read[type] = bind(scopes, claims)
    }
    const write: Record<string, ReturnType<typeof bind>> = Object.create(null)
    for (const [type, scopes] of writableRows(this.resolved.writes, mutation)) write[type] = bind(scopes, claims)
    return { read, write }
  }

  /** True when the party sees the coordinate, whatever the row. */
  isVisible(coordinate: string): boolean {
    return this.#visible.has(this.#graph.bit(coordinate))
  }

  #selection(): Selection {
    return {
      isVisible: coordinate => this.isVisible(coordinate),
      isNullable: coordinate => this.#nullable.has(this.#graph.bit(coordinate)),
      outputOf: coordinate => this.#outputs.get(coordinate) ?? null
    }
  }
}

function visibleBits({ visible, hiddenInputs }: Resolved, graph: Graph): BitSet {
  const bits = new BitSet(graph.size)
  graph.coordinates.forEach((coordinate, bit) => {
    const [, type = '', name = '', argument] = /^(\w+)\.(\w+)(?:\((\w+):\))?$/.exec(coordinate) ?? []
    const named = graph.schema.getType(type)
    const isField = isObjectType(named) || isInterfaceType(named)
    const isThere = !isField || (visible.get(type)?.has(name) ?? false)
    const holders = argument && isInterfaceType(named) ? graph.schema.getPossibleTypes(named).map(t => t.name) : []
    const isLost = [type, ...holders].some(holder =>
      hiddenInputs.has(argument ? `${holder}.${name}(${argument}:)` : coordinate)
    )
    if (isThere && !isLost) bits.add(bit)
  })
  return bits
}

/** Fields that can be null for this party although the graph says they cannot: they depend on the row (K4, K8). */
function nullableBits(resolved: Resolved, graph: Graph): BitSet {
  const bits = new BitSet(graph.size)
  const { visible, scopes, cells } = resolved
  const isPartial = (type: string) =>
    graph.ownership.scopedBy(type) !== null && !isCovered(ALL_ROWS, scopes.get(type) ?? [])
  const add = (coordinate: string) => {
    const bit = graph.bit(coordinate)
    if (bit !== undefined) bits.add(bit)
  }
  for (const [type, fields] of visible) {
    const named = graph.schema.getType(type)
    if (!isObjectType(named)) continue
    for (const field of fields) {
      const cell = cells.get(`${type}.${field}`)
      const definition = graph.field(type, field)
      if (!definition) continue
      const target = getNamedType(definition.type)
      const bare = isNonNullType(definition.type) ? definition.type.ofType : definition.type
      const members = isAbstractType(target) ? graph.schema.getPossibleTypes(target) : []
      const canMiss =
        isPartial(target.name) || members.some(member => !visible.has(member.name) || isPartial(member.name))
      // What a connection or a payload holds is already chosen by the rows' scopes.
      const isGiven = isListType(bare) || graph.ownership.isCommonsType(type)
      if (!((cell && !isOnEveryRow(cell, scopes)) || (canMiss && !isGiven))) continue
      add(`${type}.${field}`)
      for (const implemented of named.getInterfaces()) add(`${implemented.name}.${field}`)
    }
  }
  return bits
}

function dependentCells({ cells, scopes, visible }: Resolved): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const result = new Map<string, ReadonlyMap<string, number>>()
  for (const [type, list] of scopes) {
    const all = list.reduce((bits, _, i) => bits | (1 << i), 0)
    const fields = [...(visible.get(type) ?? [])].map(field => [field, cells.get(`${type}.${field}`)] as const)
    if (fields.every(([, cell]) => !cell || isOnEveryRow(cell, scopes))) continue
    result.set(type, new Map(fields.map(([field, cell]) => [field, cell ? bitsOf(cell.scopes, list) : all])))
  }
  return result
}

/** The places of the scopes on whose rows a field is granted: its own, and those that lie within them. */
function bitsOf(granted: readonly ScopeTemplate[], scopes: readonly ScopeTemplate[]): number {
  return scopes.reduce((bits, scope, i) => (granted.some(wide => implies(scope, wide)) ? bits | (1 << i) : bits), 0)
}

/** An interface's field has the output of its implementations, which agree where it is visible. */
function withInterfaces(
  outputs: Map<string, string>,
  { visible }: Resolved,
  graph: Graph
): ReadonlyMap<string, string> {
  for (const [name, fields] of visible) {
    const type = graph.schema.getType(name)
    if (!isInterfaceType(type)) continue
    for (const field of fields) {
      const member = graph.schema.getPossibleTypes(type).find(object => isIn(visible, `${object.name}.${field}`))
      const output = member && outputs.get(`${member.name}.${field}`)
      if (output) outputs.set(`${name}.${field}`, output)
    }
  }
  return outputs
}

/** All that decides besides what is visible: contracts and their versions, masks, rows to read and to write. */
function clauses({ contracts, cells, scopes, writes }: Resolved): unknown {
  return [
    contracts.map(({ document }) => `${document.id}@${document.version}`).sort(),
    [...cells].map(([coordinate, cell]) => [coordinate, cell.mask?.name ?? '', cell.scopes.map(scopeText)]),
    [...scopes].map(([type, list]) => [type, list.map(scopeText)]),
    [...writes].map(([mutation, types]) => [mutation, [...types].map(([type, list]) => [type, list.map(scopeText)])])
  ]
}
