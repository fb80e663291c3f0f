import {
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type ValueNode
} from 'graphql'

type Denied = ReadonlySet<string>
type Values = Readonly<Record<string, unknown>>

/** Whether a value in a document gives something to a scalar or enum that the caller may not use; variables are values of their own. */
export function writesDenied(node: ValueNode, type: GraphQLInputType, denied: Denied): boolean {
  if (isNonNullType(type)) return writesDenied(node, type.ofType, denied)
  if (node.kind === Kind.NULL || node.kind === Kind.VARIABLE) return false
  if (isListType(type)) {
    const items = node.kind === Kind.LIST ? node.values : [node]
    return items.some(item => writesDenied(item, type.ofType, denied))
  }
  if (!isInputObjectType(type)) return denied.has(type.name)
  const fields = type.getFields()
  return (
    node.kind === Kind.OBJECT &&
    node.fields.some(({ name, value }) => {
      const field = fields[name.value]
      return field !== undefined && writesDenied(value, field.type, denied)
    })
  )
}

/**
 * The variable (`$name`) through which a request uses what its caller may not, or null. Only a request's own values
 * show it, when there is no plan to be changed any more: so such a request is refused as a whole.
 */
export type FindDeniedVariable = (variables: Values) => string | null

/** Compiles the check of the variables that an operation defines; null when none of them can hold what is denied. */
export function deniedVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  schema: GraphQLSchema,
  denied: Denied
): FindDeniedVariable | null {
  const suspects = variableDefinitions.flatMap(({ variable, type }) => {
    const input = typeFromAST(schema, type)
    return isInputType(input) && reaches(input, denied, new Set()) ? [{ name: variable.name.value, type: input }] : []
  })
  if (suspects.length === 0) return null
  return variables => suspects.find(({ name, type }) => holdsDenied(variables[name], type, denied))?.name ?? null
}

function holdsDenied(value: unknown, type: GraphQLInputType, denied: Denied): boolean {
  if (value === null || value === undefined) return false
  if (isNonNullType(type)) return holdsDenied(value, type.ofType, denied)
  if (isListType(type)) return Array.isArray(value) && value.some(item => holdsDenied(item, type.ofType, denied))
  if (!isInputObjectType(type)) return denied.has(type.name)
  if (typeof value !== 'object') return false
  const fields = type.getFields()
  return Object.entries(value).some(([name, inner]) => {
    const field = fields[name]
    return field !== undefined && holdsDenied(inner, field.type, denied)
  })
}

function reaches(type: GraphQLInputType, denied: Denied, seen: Set<string>): boolean {
  if (isNonNullType(type) || isListType(type)) return reaches(type.ofType, denied, seen)
  if (!isInputObjectType(type)) return denied.has(type.name)
  if (seen.has(type.name)) return false
  seen.add(type.name)
  return Object.values(type.getFields()).some(field => reaches(field.type, denied, seen))
}
