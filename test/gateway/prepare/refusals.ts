import { type Caller, type GraphQLRequest, RequestError } from '../../../gateway/engine.ts'
import { caller, type Federation } from '../../support/federation.ts'

export const repeat = (n: number, make: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => make(i)).join(' ')

/** What `prepare` makes of a request: `accepted`, or the code and the message it is refused with. */
export function outcome(federation: Federation, request: GraphQLRequest | string, as: Partial<Caller> = {}): string {
  try {
    const { engine, view } = federation
    engine.prepare(typeof request === 'string' ? { query: request } : request, caller({ view, ...as }))
    return 'accepted'
  } catch (thrown) {
    if (!(thrown instanceof RequestError)) throw thrown
    expect(thrown.errors.length).toBeLessThanOrEqual(100)
    return `${thrown.errors[0]?.extensions['code']}: ${thrown.message}`
  }
}
