import type { CompiledBook } from '../../policies/compile-book.ts'
import { dayOf } from '../../policies/mask-time.ts'
import type { Problem } from '../../policies/problem.ts'

/**
 * Warnings of what compiles today and no longer will once another contract has begun or ended, such as a field that is built
 * from one that a shorter contract grants (K5). `compileAt` compiles the same contracts for another time.
 */
export function comingProblems(
  book: CompiledBook,
  compileAt: (now: number) => CompiledBook,
  zone: string
): readonly Problem[] {
  const known = new Set(book.problems.map(keyOf))
  const coming: Problem[] = []
  for (let at = book.changesAt; at !== null; ) {
    const later = compileAt(at)
    for (const problem of later.problems) {
      // Without a file it is about a party whose contracts have all ended, which is no clause’s fault.
      if (problem.severity !== 'error' || problem.file === null || known.has(keyOf(problem))) continue
      known.add(keyOf(problem))
      coming.push({ ...problem, severity: 'warning', message: `from ${dayOf(at, zone)} on: ${problem.message}` })
    }
    at = later.changesAt
  }
  return coming
}

const keyOf = ({ file, clause, message }: Problem): string => JSON.stringify([file, clause, message])
