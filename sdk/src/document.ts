/**
 * A GraphQL document as text that knows the types of its answer and its variables. A plain string is one too (of unknown
 * types), and so are the documents of graphql-codegen in string mode.
 */
export interface TypedDocument<Result = unknown, Variables = Record<string, unknown>> {
  toString(): string
  /** Never set: it only carries the types. */
  readonly __apiType?: (variables: Variables) => Result
}
