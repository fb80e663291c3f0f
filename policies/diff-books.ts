import type { CompiledBook } from './compile-book.ts'
import { type CompiledMask, hidesAtLeast } from './masks.ts'
import type { PartyView } from './party-view.ts'
import { isIn } from './resolve-party.ts'
import { isCovered, type ScopeTemplate, scopeText } from './row-scope.ts'
import { writableRows } from './write-scopes.ts'

/** One thing that a party sees or may do otherwise than before. */
export interface Change {
  readonly party: string
  /** `Type.field`, or `write Type`. */
  readonly subject: string
  /** `changed` = neither more nor less, such as another mask. */
  readonly effect: 'widens' | 'narrows' | 'changed'
  readonly before: string
  readonly after: string
}

/** What a party has of one subject: null when it has nothing. */
interface Share {
  readonly mask: CompiledMask | null
  readonly scopes: readonly ScopeTemplate[]
}

/** What changes from one book to the next, and for whom. */
export function diffBooks(before: CompiledBook, after: CompiledBook): readonly Change[] {
  return [...new Set([...before.parties, ...after.parties])].sort().flatMap(party => {
    const [a, b] = [before, after].map(book => sharesOf(book.view(party)))
    const subjects = [...new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])].sort()
    return subjects.flatMap(subject => {
      const [was, is] = [a?.get(subject) ?? null, b?.get(subject) ?? null]
      const [textBefore, textAfter] = [shareText(was), shareText(is)]
      return textBefore === textAfter
        ? []
        : [{ party, subject, effect: effectOf(was, is), before: textBefore, after: textAfter }]
    })
  })
}

function sharesOf(view: PartyView | null): Map<string, Share> {
  const shares = new Map<string, Share>()
  if (!view) return shares
  const { cells, visible, writes } = view.resolved
  for (const [coordinate, { mask, scopes }] of cells)
    if (isIn(visible, coordinate)) shares.set(coordinate, { mask, scopes })
  for (const [type, scopes] of writableRows(writes)) shares.set(`write ${type}`, { mask: null, scopes })
  return shares
}

function effectOf(before: Share | null, after: Share | null): Change['effect'] {
  if (!before) return 'widens'
  if (!after) return 'narrows'
  const widens = isWithin(before, after)
  const narrows = isWithin(after, before)
  if (widens === narrows) return 'changed'
  return widens ? 'widens' : 'narrows'
}

/** True when `b` shows all that `a` shows. */
function isWithin(a: Share, b: Share): boolean {
  return hidesAtLeast(a.mask, b.mask) && a.scopes.every(scope => isCovered(scope, b.scopes))
}

function shareText(share: Share | null): string {
  if (!share) return 'nothing'
  const rows = share.scopes.map(scopeText).join(' or ') || 'no rows'
  return share.mask ? `${rows}, as ${share.mask.name}` : rows
}
