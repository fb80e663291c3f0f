import type { IntentCode } from './intent-model.ts'

/** What a negator before the evidence makes of it. */
export type Negated = 'drop' | 'keep' | IntentCode

/** One kind of evidence for one intent. */
export interface Rule {
  readonly code: IntentCode
  /** Evidence, looked for in each clause (in each sentence with `wide`); global flag. */
  readonly when: RegExp
  /** No evidence in a clause (sentence) that also reads so. */
  readonly unless?: RegExp
  /**
   * What a negator before it makes of it: nothing (`drop`, the default), the same (`keep`: the pattern says its own
   * negation) or another intent.
   */
  readonly negated?: Negated
  readonly wide?: boolean
  readonly confidence?: number
}

export const DEFAULT_CONFIDENCE = 0.8
