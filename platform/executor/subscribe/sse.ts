import { CutOff, type HttpProtocol } from './http.ts'
import { parse } from './response.ts'
import { parseEvents } from './sse-parser.ts'

/** GraphQL over server-sent events, distinct connections: `next` for each event, then `complete`. */
export const SSE: HttpProtocol = {
  accept: 'text/event-stream, application/graphql-response+json;q=0.9, application/json;q=0.8',
  mediaType: 'text/event-stream',
  async *read(body, _, eventBytes) {
    for await (const { type, data } of parseEvents(body, eventBytes)) {
      if (type === 'complete') return
      // Some servers name no event; other names are pings.
      if (type === 'next' || type === 'message') yield parse(data)
    }
    throw new CutOff('the stream ended without "complete"')
  }
}
