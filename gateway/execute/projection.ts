import { GraphQLError } from 'graphql'
import { MET_KEY } from '../plan/ast.ts'
import { Failure, type Reason, WITHHELD } from './failure.ts'
import type { Plain, Project } from './fast-shape.ts'
import { NULL, quoted } from './json-text.ts'

/** A value of the router's data as the client's JSON; undefined = null where none may be, so the parent is null. */
export type Complete = (value: unknown, projection: Projection) => string | undefined

/** A selected field of one object type. */
export interface ShapeField {
  /** The client's response key. */
  readonly key: string
  /** The same as JSON, with the colon. */
  readonly keyText: string
  /** The key in the router's data. */
  readonly from: string
  /** Row scopes that grant the cell; -1 = every row. */
  readonly cell: number
  /** JSON that does not depend on data: the type's name. */
  readonly constant: string | null
  /** `Type.field`, for messages. */
  readonly coordinate: string
  readonly complete: Complete
  /** Of a leaf: the values that are shown as they are. Whatever else there is, `complete` decides. */
  readonly plain?: Plain | null
  readonly inner: Shapes | null
}

/** What a client sees of an object type. */
export interface GeneralShape {
  readonly fields: readonly ShapeField[]
  /** Some field depends on the scopes that the row met. */
  readonly hasCells: boolean
}

export interface Shape extends GeneralShape {
  /** The same as `Projection.object` does, only faster where it can be. */
  readonly project: Project
}

/** Shapes that stand behind a field: one, or one for each type. */
export interface Shapes {
  /** For error paths: the client's key and what stands behind it. */
  find(from: string): ShapeField | null
}

/** More errors than this tell a client nothing new. */
const MAX_ERRORS = 100
const HIDDEN: Reason = { message: 'Something failed on our side.', extensions: { code: 'INTERNAL' } }

/** One answer in the making: its JSON, written in one pass over the data. */
export class Projection {
  /** No string of the data holds anything that JSON escapes: to look for it costs more than all the rest. */
  readonly clean: boolean
  /** Nothing but characters of Latin-1 have been written. */
  latin1: boolean
  readonly errors: GraphQLError[] = []
  /** Where the projection is: the first `depth` entries. */
  readonly path: (string | number)[] = []
  depth = 0
  /** A null moved up to its parent, and hid what else may have failed there. */
  nullsMoved = false
  /** Where a null last moved up from of which the client knows already. */
  #withheld: readonly (string | number)[] | null = null

  constructor({ clean, latin1 }: { readonly clean: boolean; readonly latin1: boolean }) {
    this.clean = clean
    this.latin1 = latin1
  }

  /** A string of the data as JSON. */
  quote(text: string): string {
    return this.clean ? `"${text}"` : quoted(text)
  }

  /** A row in the client's form; undefined when a null has to move up. */
  show(source: Readonly<Record<string, unknown>>, shape: Shape): string | undefined {
    return shape.project(source, this)
  }

  /** A null moves up from a field of the row: the end of `object`, for compiled shapes. */
  nullMoves(
    source: Readonly<Record<string, unknown>>,
    { fields }: GeneralShape,
    culprit: ShapeField,
    depth: number
  ): undefined {
    this.depth = depth + 1
    this.#nullMoves(source, fields, culprit)
    this.depth = depth
  }

  object(source: Readonly<Record<string, unknown>>, { fields, hasCells }: GeneralShape): string | undefined {
    let text = ''
    const depth = this.depth
    const { path } = this
    const bits = hasCells ? source[MET_KEY] : 0
    const met = typeof bits === 'number' ? bits : 0
    this.depth = depth + 1
    for (const field of fields) {
      if (field.constant !== null) {
        text += `${text === '' ? '{' : ','}${field.keyText}${field.constant}`
        continue
      }
      path[depth] = field.key
      let value = source[field.from]
      // What a contract does not grant is null, and says nothing of what failed there.
      if (field.cell !== -1 && (met & field.cell) === 0) value = null
      const completed = field.complete(value, this)
      if (completed === undefined) {
        this.#nullMoves(source, fields, field)
        this.depth = depth
        return undefined
      }
      text += `${text === '' ? '{' : ','}${field.keyText}${completed}`
    }
    this.depth = depth
    return text === '' ? '{}' : `${text}}`
  }

  list(source: readonly unknown[], item: Complete, hidden: ((item: unknown) => boolean) | null): string | undefined {
    let text = ''
    let length = 0
    const depth = this.depth
    const { path } = this
    this.depth = depth + 1
    for (const value of source) {
      if (hidden?.(value)) continue
      path[depth] = length++
      const completed = item(value, this)
      if (completed === undefined) {
        this.#nullMoves({}, [], null)
        this.depth = depth
        return undefined
      }
      text += text === '' ? `[${completed}` : `,${completed}`
    }
    this.depth = depth
    return text === '' ? '[]' : `${text}]`
  }

  /** Tells the client of a failure at the present place. */
  failed(failure: Failure, shapes: Shapes | null): typeof NULL {
    if (failure === WITHHELD) return NULL
    this.report(failure.reason, [...this.path.slice(0, this.depth), ...clientPath(failure.below, shapes)])
    return NULL
  }

  /** A subgraph's value that does not fit its type. */
  unfit(): typeof NULL {
    this.report(
      { message: 'A value did not fit its type.', extensions: { code: 'INTERNAL' } },
      this.path.slice(0, this.depth)
    )
    return NULL
  }

  /** The present place may not be null and is, which the answer has told already. */
  withheld(): undefined {
    this.#withheld = this.path.slice(0, this.depth)
  }

  report({ message, extensions }: Reason, path: readonly (string | number)[] | undefined): void {
    if (this.errors.length >= MAX_ERRORS) return
    this.errors.push(new GraphQLError(message, { ...(path && { path }), extensions: { ...extensions } }))
  }

  /** A field that may not be null is: whatever failed beside it explains it better than the null does. */
  #nullMoves(
    source: Readonly<Record<string, unknown>>,
    fields: readonly ShapeField[],
    culprit: ShapeField | null
  ): void {
    this.nullsMoved = true
    const here = this.path.slice(0, this.depth)
    if (this.#explained(here)) return
    let explained = false
    for (const field of fields) {
      const value = source[field.from]
      if (!(value instanceof Failure) || value === WITHHELD) continue
      this.path[this.depth - 1] = field.key
      this.failed(value, field.inner)
      explained = true
    }
    if (explained) return
    const message = culprit
      ? `Cannot return null for non-nullable field ${culprit.coordinate}.`
      : 'Cannot return null in a list of non-nullable values.'
    this.report({ ...HIDDEN, message }, here)
  }

  #explained(path: readonly (string | number)[]): boolean {
    const tells = (other: readonly (string | number)[]) =>
      other.slice(0, path.length).every((key, i) => key === path[i])
    if (this.#withheld !== null && tells(this.#withheld)) return true
    return this.errors.some(error => error.path !== undefined && tells(error.path))
  }
}

/** Data keys → response keys, as far as the client selected them. */
function clientPath(below: readonly (string | number)[], shapes: Shapes | null): readonly (string | number)[] {
  const path: (string | number)[] = []
  let inner = shapes
  for (const key of below) {
    if (typeof key === 'number') {
      path.push(key)
      continue
    }
    const field = inner?.find(key) ?? null
    if (!field) break
    path.push(field.key)
    inner = field.inner
  }
  return path
}
