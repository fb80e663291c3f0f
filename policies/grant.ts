import type { Contract } from './contract.ts'
import type { CompiledMask } from './masks.ts'
import type { Path } from './problem.ts'
import type { ScopeTemplate } from './row-scope.ts'

/** One field, granted on some rows: the atom that everything is added up from (semantics K3). */
export interface Grant {
  readonly type: string
  readonly field: string
  readonly mask: CompiledMask | null
  /** Rows on which it is granted; on a type without rows of its own, those of the row it hangs on. */
  readonly read: ScopeTemplate
  /** For fields of the mutation root: rows that it may touch or create (K7). */
  readonly write: ScopeTemplate | null
  /** The clause that grants it; null for what a department owns. */
  readonly clause: { readonly contract: Contract; readonly path: Path } | null
  /** Its owner accepts that arrival times tell what a mask hides (K6). */
  readonly arrivalAllowed: boolean
}
