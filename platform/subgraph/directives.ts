/** Where our own directives are defined; `.example` because the name is an identity, not an address. */
export const CONTRACT_SPEC = 'https://oaas-gateway.example/contracts/v1.0'

/** Federation and contract directives that every subgraph may use; put before its printed types. */
export const SUBGRAPH_HEADER = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@composeDirective"])
  @link(url: "${CONTRACT_SPEC}", import: ["@owner", "@commons", "@scoped", "@derivedFrom", "@correlates"])
  @composeDirective(name: "@owner")
  @composeDirective(name: "@commons")
  @composeDirective(name: "@scoped")
  @composeDirective(name: "@derivedFrom")
  @composeDirective(name: "@correlates")

"The department that owns the data: on a type it covers its fields, on a field it overrides (K2)."
directive @owner(department: String!) on OBJECT | INTERFACE | FIELD_DEFINITION
"Plumbing: visible wherever it is reached (K2)."
directive @commons on OBJECT | INTERFACE | FIELD_DEFINITION
"The keys by which a contract may limit the rows of this type (K4, W2)."
directive @scoped(by: [String!]!) on OBJECT
"Facts of other departments that this field is built from; granting it needs the grant of each (K5)."
directive @derivedFrom(fields: [String!]!) on FIELD_DEFINITION
"Fields from which this one could be read back: they take the same mask (K6)."
directive @correlates(with: [String!]!) on FIELD_DEFINITION
`
