import type { CompiledBook } from './compile-book.ts'
import type { Book } from './view.ts'

/** A book that is compiled again whenever a contract's validity begins or ends, so that nothing outlives its last day. */
export function liveBook(compile: (now: number) => CompiledBook, now: () => number): Book {
  let current = compile(now())
  const fresh = () => {
    const time = now()
    if (current.changesAt !== null && time >= current.changesAt) current = compile(time)
    return current
  }
  return {
    get version() {
      return fresh().version
    },
    view: party => fresh().view(party)
  }
}
