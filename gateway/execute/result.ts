import type { GraphQLError } from 'graphql'

/** What a result says besides data and errors. */
export interface ResultExtensions {
  /** Last log position of what was written (semantics W3). */
  readonly position?: number
  /** Some room had not applied what the caller wanted it to. */
  readonly stale?: boolean
  /** The plan as it was run; for operators who ask. */
  readonly plan?: unknown
  /** Of an event from the log: where to resume from, and the cursor of the event before it in the same stream (semantics L3). */
  readonly cursor?: string
  readonly prev?: string
}

interface Parts {
  /** The data as JSON; without it the request was refused as a whole. */
  readonly json?: string
  /** The data's JSON is known to hold characters of Latin-1 alone. */
  readonly latin1?: boolean
  readonly errors?: readonly GraphQLError[]
  readonly extensions?: ResultExtensions
}

/**
 * The answer to one request, or to one event of a subscription. Its data is text from the start: nearly every client is sent
 * text, and values that become text at once are never made.
 */
export class Result {
  readonly errors: readonly GraphQLError[] | undefined
  readonly extensions: ResultExtensions | undefined
  readonly #json: string | undefined
  readonly #latin1: boolean
  #text: string | null = null
  /** Several callers get this very result. */
  shared = false

  constructor({ json, latin1 = false, errors, extensions }: Parts) {
    this.#json = json
    this.#latin1 = latin1
    this.errors = errors
    this.extensions = extensions
  }

  /** The data as values, read anew each time; undefined when the request was refused as a whole. */
  get data(): Readonly<Record<string, unknown>> | null | undefined {
    return this.#json === undefined ? undefined : JSON.parse(this.#json)
  }

  /** The whole result as JSON, made once. */
  get text(): string {
    this.#text ??= this.#written()
    return this.#text
  }

  /** Whether the text is known to hold characters of Latin-1 alone. */
  get latin1(): boolean {
    return this.#latin1 && !this.errors && !this.extensions
  }

  /** The code of the first error; `none` without one. */
  get code(): string {
    return String(this.errors?.[0]?.extensions['code'] ?? 'none')
  }

  toJSON(): Readonly<Record<string, unknown>> {
    const { data, errors, extensions } = this
    return { data, errors, extensions }
  }

  /** The same with more to say. */
  with(extensions: ResultExtensions): Result {
    const { errors } = this
    return new Result({
      ...(this.#json !== undefined && { json: this.#json }),
      ...(errors && { errors }),
      extensions: { ...this.extensions, ...extensions }
    })
  }

  #written(): string {
    const { errors, extensions } = this
    // To join a list copies all of the text once more.
    if (this.#json !== undefined && !errors && !extensions) return `{"data":${this.#json}}`
    const members: string[] = []
    if (this.#json !== undefined) members.push(`"data":${this.#json}`)
    if (errors) members.push(`"errors":${JSON.stringify(errors)}`)
    if (extensions) members.push(`"extensions":${JSON.stringify(extensions)}`)
    return `{${members.join(',')}}`
  }
}
