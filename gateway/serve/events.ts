const COMPLETE = 'event: complete\ndata:\n\n'

/** A result as a server-sent event; `cursor` becomes the event's id, from which a browser resumes. */
export function nextEvent(text: string, cursor?: string): string {
  return cursor === undefined ? `event: next\ndata: ${text}\n\n` : `event: next\nid: ${cursor}\ndata: ${text}\n\n`
}

/** The end of a stream; without it a client is to come back. */
export function completeEvent(): string {
  return COMPLETE
}

/** A stream of one result. */
export function oneEvent(text: string): string {
  return nextEvent(text) + COMPLETE
}
