import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  visit
} from 'graphql'

interface Selecting {
  readonly operation: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/** The Boolean variables that decide what is selected. */
export function conditionVariables({ operation, fragments }: Selecting): readonly string[] {
  const names = new Set<string>()
  const seen = new Set<string>()
  const note = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      Directive: directive => {
        const value = conditionOf(directive)
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value)
      },
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value)
        if (!fragment || seen.has(name.value)) return
        seen.add(name.value)
        note(fragment)
      }
    })
  }
  note(operation)
  return [...names]
}

/** The `if` of `@skip` and `@include`; null of any other directive. */
export function conditionOf({ name, arguments: given }: DirectiveNode): ValueNode | null {
  if (name.value !== 'skip' && name.value !== 'include') return null
  return given?.find(argument => argument.name.value === 'if')?.value ?? null
}
