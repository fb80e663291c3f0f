import { type DefinitionNode, type DocumentNode, GraphQLError, Kind, parse } from 'graphql'
import type { Steps } from './in-slices.ts'

/** Characters that are parsed at once. */
const AT_ONCE = 64 * 1024

/** Parses a supergraph, which may be megabytes, a few definitions at a time. Throws GraphQLError. */
export function* parseSteps(sdl: string): Steps<DocumentNode> {
  const definitions: DefinitionNode[] = []
  try {
    for (const part of partsOf(sdl)) {
      definitions.push(...parse(part, { noLocation: true }).definitions)
      yield
    }
  } catch (thrown) {
    if (!(thrown instanceof GraphQLError)) throw thrown
    // As a whole it says where the mistake is; and a part may have been cut badly.
    return parse(sdl, { noLocation: true })
  }
  return { kind: Kind.DOCUMENT, definitions }
}

/** Cuts only behind a line that is a closing brace alone, which ends a definition wherever SDL is printed. */
function* partsOf(sdl: string): Generator<string> {
  let from = 0
  while (sdl.length - from > AT_ONCE) {
    const end = sdl.indexOf(END, from + AT_ONCE)
    // What comes last must not be comments alone, which are no document.
    if (end < 0 || sdl.length - end < AT_ONCE) break
    yield sdl.slice(from, end + END.length)
    from = end + END.length
  }
  yield sdl.slice(from)
}

const END = '\n}\n'
