import { type ASTVisitor, type DocumentNode, Kind, visit } from 'graphql'
import type { Steps } from '../plan/in-slices.ts'

/** Definitions that are looked at in one step. */
const AT_ONCE = 50

/** Visits the definitions of a document, some in each step; what the visitor gives back is dropped. */
export function* lookThrough({ definitions }: DocumentNode, visitor: ASTVisitor): Steps<void> {
  for (let i = 0; i < definitions.length; i += AT_ONCE) {
    visit({ kind: Kind.DOCUMENT, definitions: definitions.slice(i, i + AT_ONCE) }, visitor)
    yield
  }
}
