/** What one request may ask for; every transport is held to the same numbers. */
export interface Limits {
  /** Lexical tokens of the document. */
  readonly tokens: number
  /** Brackets within brackets in the text, and fragments within fragments, so that no recursion outgrows the stack. */
  readonly nesting: number
  /** Fields within fields, after fragments are expanded. */
  readonly depth: number
  /** The same below `__schema` and `__type`; the usual introspection query needs 15. */
  readonly introspectionDepth: number
  /** Aliases, after fragments are expanded. */
  readonly aliases: number
  /** Fields of the operation's root, after fragments are expanded. */
  readonly rootFields: number
  /** Root fields of a mutation. */
  readonly mutations: number
  /** Directives, after fragments are expanded. */
  readonly directives: number
  /** Selected fields, after fragments are expanded. */
  readonly selections: number
  /**
   * Objects, each counted as often as the lists around it may hold it: by `first`, `last` or `limit`, or what `@listSize`
   * and `@cost` say.
   */
  readonly cost: number
  /** Bytes of all variables as JSON. */
  readonly variableBytes: number
  /** Items of one list, keys of one object, in a variable or argument; and variables of one request. */
  readonly listItems: number
  /** Objects and lists within each other in one variable. */
  readonly variableDepth: number
  /** Wall time for planning one operation, in milliseconds. */
  readonly planning: number
}

export const DEFAULT_LIMITS: Limits = {
  tokens: 4000,
  nesting: 80,
  depth: 12,
  introspectionDepth: 16,
  aliases: 30,
  rootFields: 10,
  mutations: 5,
  directives: 30,
  selections: 10_000,
  cost: 5000,
  variableBytes: 256 * 1024,
  listItems: 1000,
  variableDepth: 20,
  planning: 2000
}
