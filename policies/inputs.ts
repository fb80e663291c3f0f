import {
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField
} from 'graphql'
import type { Graph } from './graph.ts'
import type { Visible } from './visible.ts'

/** Arguments, input fields and enum values that a party loses, as coordinates. */
export type Hidden = ReadonlySet<string>

/**
 * Filters and sort keys over what a party cannot see plainly on every row would tell it (semantics K6, security A37):
 * they go. `isPlain` says of a field that it is visible, not masked, and not dependent on the row. Mutations keep their
 * inputs: what may be written is the write scope's business (K7).
 */
export function hiddenInputs(visible: Visible, isPlain: (coordinate: string) => boolean, graph: Graph): Hidden {
  const hidden = new Set<string>()
  const pruner = new Pruner(isPlain, hidden, graph)
  for (const [name, fields] of visible) {
    const type = graph.schema.getType(name)
    if (name === graph.roots.mutation || !(isObjectType(type) || isInterfaceType(type))) continue
    for (const field of Object.values(type.getFields())) if (fields.has(field.name)) pruner.field(name, field)
  }
  return hidden
}

class Pruner {
  readonly #isPlain: (coordinate: string) => boolean
  readonly #hidden: Set<string>
  readonly #graph: Graph
  readonly #seen = new Set<string>()

  constructor(isPlain: (coordinate: string) => boolean, hidden: Set<string>, graph: Graph) {
    this.#isPlain = isPlain
    this.#hidden = hidden
    this.#graph = graph
  }

  field(parent: string, field: GraphQLField<unknown, unknown>): void {
    const subject = subjectOf(field, this.#graph)
    if (!subject) return
    const owner = this.#graph.ownership.owner(parent, field.name)
    for (const argument of field.args) {
      const type = getNamedType(argument.type)
      const isGone = isInputObjectType(type)
        ? this.#input(type, subject, owner)
        : isEnumType(type) && isSorting(argument.name)
          ? this.#sortKeys(type, subject, owner)
          : !isRequiredArgument(argument) && this.#names(argument.name, subject, true) === false
      if (isGone) this.#hidden.add(`${parent}.${field.name}(${argument.name}:)`)
    }
  }

  /** True when nothing is left of the input. */
  #input(type: GraphQLInputObjectType, subject: GraphQLNamedType, owner: string | null): boolean {
    const fields = Object.values(type.getFields())
    const visit = `${type.name} ${subject.name}`
    if (this.#seen.has(visit)) return false
    this.#seen.add(visit)
    for (const field of fields) {
      const inner = getNamedType(field.type)
      const target = this.#match(field.name, subject)
      const isNested = isInputObjectType(inner) && (target === null || !isRange(target, this.#graph))
      const isGone =
        isInputObjectType(inner) && isNested
          ? this.#input(inner, target ?? subject, owner)
          : isEnumType(inner) && isSorting(field.name)
            ? this.#sortKeys(inner, subject, owner)
            : !(isDirection(inner) || (this.#names(field.name, subject) ?? this.#ownsAllPlain(subject, owner)))
      if (isGone) this.#hidden.add(`${type.name}.${field.name}`)
    }
    const isMissing = fields.some(f => isRequiredInputField(f) && this.#hidden.has(`${type.name}.${f.name}`))
    return isMissing || fields.every(f => this.#hidden.has(`${type.name}.${f.name}`))
  }

  #sortKeys(type: GraphQLEnumType, subject: GraphQLNamedType, owner: string | null): boolean {
    if (isDirection(type)) return false
    for (const { name } of type.getValues()) {
      const field = camelCase(name.replace(/_(ASC|DESC)$/, ''))
      if (!(this.#names(field, subject) ?? this.#ownsAllPlain(subject, owner))) this.#hidden.add(`${type.name}.${name}`)
    }
    return type.getValues().every(({ name }) => this.#hidden.has(`${type.name}.${name}`))
  }

  /** Whether the field that an input speaks of is plain; null when it speaks of none. */
  #names(input: string, subject: GraphQLNamedType, exactly = false): boolean | null {
    const field = fieldNamed(input, subject, exactly)
    return field === null ? null : this.#isPlain(`${subject.name}.${field}`)
  }

  #match(input: string, subject: GraphQLNamedType): GraphQLNamedType | null {
    const field = fieldNamed(input, subject, false)
    const definition = field === null ? undefined : this.#graph.field(subject.name, field)
    return definition ? getNamedType(definition.type) : null
  }

  /** An input that names no field (free text, "newest first") may look at any: it needs all that its owner has there. */
  #ownsAllPlain(subject: GraphQLNamedType, owner: string | null): boolean {
    if (!isObjectType(subject)) return false
    return Object.keys(subject.getFields())
      .filter(field => owner === null || this.#graph.ownership.owner(subject.name, field) === owner)
      .every(field => this.#isPlain(`${subject.name}.${field}`))
  }
}

/** The type whose rows a field lists or finds: behind connections and other commons wrappers. */
function subjectOf(field: GraphQLField<unknown, unknown>, graph: Graph): GraphQLNamedType | null {
  let type: GraphQLNamedType | null = getNamedType(field.type)
  for (let depth = 0; depth < 3 && type && graph.ownership.isCommonsType(type.name); depth++) type = insideOf(type)
  return isObjectType(type) || isInterfaceType(type) ? type : null
}

function insideOf(type: GraphQLNamedType): GraphQLNamedType | null {
  if (!isObjectType(type)) return null
  const fields = type.getFields()
  const inner = fields['nodes'] ?? fields['node'] ?? fields['edges']
  return inner ? getNamedType(inner.type) : null
}

/** The field that an input speaks of by its name: `placedAt`, `placedAtFrom`, `placedFrom`, `statuses`, `customerId`. */
function fieldNamed(input: string, subject: GraphQLNamedType, exactly: boolean): string | null {
  if (!isObjectType(subject) && !isInterfaceType(subject)) return null
  const names = Object.keys(subject.getFields())
  if (exactly || names.includes(input)) return names.includes(input) ? input : null
  const speaks = (stem: string) =>
    stem.length > 1 &&
    (input === `${stem}s` ||
      input === `${stem}es` ||
      (input.startsWith(stem) && /^[A-Z_]/.test(input.slice(stem.length))))
  const longest = (matching: readonly string[]) => [...matching].sort((a, b) => b.length - a.length)[0] ?? null
  return (
    longest(names.filter(speaks)) ?? longest(names.filter(name => /(At|On)$/.test(name) && speaks(name.slice(0, -2))))
  )
}

/** A range or comparison over one value, such as `{ from, to }` of an instant. */
function isRange(type: GraphQLNamedType, graph: Graph): boolean {
  return !isObjectType(type) && !isInterfaceType(type) ? true : graph.ownership.isCommonsType(type.name)
}

function isSorting(name: string): boolean {
  return /order|sort|^field$/i.test(name)
}

function isDirection(type: GraphQLNamedType): boolean {
  return (
    isEnumType(type) &&
    type.getValues().every(({ name }) => /^(ASC|DESC|ASCENDING|DESCENDING)(_NULLS_\w+)?$/.test(name))
  )
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
