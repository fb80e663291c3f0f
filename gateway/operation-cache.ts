import QuickLRU from 'quick-lru'
import type { Program } from './plan/program.ts'
import type { Document } from './prepare/document.ts'
import { WeighedCache } from './weighed-cache.ts'

/** Longer documents are compiled each time. */
const MAX_TEXT = 32_768
/** Combinations of the variables of `@skip` and `@include` that are kept compiled for one operation: fewer of a large one. */
const MAX_VARIANTS = 32
const MAX_VARIANT_SELECTIONS = 10_000

/** What all operations may take, about, and what it is made of. */
const MAX_BYTES = 200_000_000
const BYTES_PER_CHARACTER = 6
const BYTES_PER_SELECTION = 2000
/** Of what introspection tells, which a program keeps. */
const BYTES_PER_VALUE = 100

/** Programs by the values of the variables that decide what is selected. */
export type Variants = QuickLRU<string, Program | Promise<Program>>

/** A document, and what was compiled for it. */
interface Operation {
  readonly document: Document
  readonly variants: Variants
  /** In bytes; grows with each program. */
  weight: number
  /** Programs that may still be kept besides those that are. */
  room: number
}

/** The operations of one engine, prepared and compiled: those that were used last, as far as memory allows. */
export class OperationCache {
  readonly #byKey: WeighedCache<Operation>
  readonly #byDocument = new WeakMap<Document, Operation>()

  /** `entries`: how many documents are kept. */
  constructor(entries: number, bytes = MAX_BYTES) {
    this.#byKey = new WeighedCache({ entries, weight: bytes })
  }

  get(key: string): Document | undefined {
    return this.#byKey.get(key)?.document
  }

  set(key: string, document: Document): void {
    if (document.text.length <= MAX_TEXT) this.#byKey.set(key, this.#operation(document))
  }

  variants(document: Document): Variants {
    return this.#operation(document).variants
  }

  /** Says that there is one program more. */
  compiled(document: Document): void {
    const operation = this.#operation(document)
    if (operation.room === 0) return
    operation.room--
    const weight = document.selections * BYTES_PER_SELECTION + document.introspected * BYTES_PER_VALUE
    operation.weight += weight
    this.#byKey.grew(weight)
  }

  clear(): void {
    this.#byKey.clear()
  }

  #operation(document: Document): Operation {
    const known = this.#byDocument.get(document)
    if (known) return known
    const maxSize = Math.max(1, Math.min(MAX_VARIANTS, Math.floor(MAX_VARIANT_SELECTIONS / document.selections)))
    const operation: Operation = {
      document,
      variants: new QuickLRU({ maxSize }),
      weight: document.text.length * BYTES_PER_CHARACTER,
      // A QuickLRU keeps up to twice its size.
      room: 2 * maxSize
    }
    this.#byDocument.set(document, operation)
    return operation
  }
}
