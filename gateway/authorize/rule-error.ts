/** A rule of access that the router cannot keep as it is written: the supergraph must not be served. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
}
