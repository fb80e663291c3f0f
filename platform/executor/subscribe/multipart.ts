import { CutOff, type HttpProtocol } from './http.ts'
import { parseParts } from './multipart-parser.ts'
import { member, parse } from './response.ts'

/**
 * Apollo's multipart protocol for subscriptions: a part for each event with its answer under `payload`, empty parts as
 * heartbeats, and `errors` beside the payload for what ends the whole.
 */
export const MULTIPART: HttpProtocol = {
  accept: 'multipart/mixed;subscriptionSpec="1.0", application/graphql-response+json;q=0.9, application/json;q=0.8',
  mediaType: 'multipart/mixed',
  async *read(body, contentType, eventBytes) {
    for await (const text of parseParts(body, boundaryOf(contentType), eventBytes)) {
      if (text === null) return
      const part = parse(text)
      const [payload, errors] = [member(part, 'payload'), member(part, 'errors')]
      if (payload) yield payload
      else if (!errors && !isHeartbeat(part)) yield part
      if (!errors) continue
      yield { data: null, errors }
      return
    }
    throw new CutOff('the stream ended without its closing delimiter')
  }
}

/** `{}`, or a payload that is null with nothing beside it. */
function isHeartbeat(part: unknown): boolean {
  return typeof part === 'object' && part !== null && Object.keys(part).every(key => key === 'payload')
}

function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? []
  return quoted ?? plain ?? '-'
}
