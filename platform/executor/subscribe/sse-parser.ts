export interface ServerSentEvent {
  readonly type: string
  readonly data: string
}

/**
 * Splits `text/event-stream` into its events as HTML defines them, but for one leniency: an event that has a name and no
 * data counts, since servers end with a bare `event: complete`. Throws RangeError when an event is longer than `limit`
 * characters.
 */
export async function* parseEvents(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  let type = ''
  let data: string[] = []
  let length = 0
  let afterReturn = false
  for await (const chunk of chunks) {
    const decoded = decoder.decode(chunk, { stream: true })
    if (decoded === '') continue
    // A line end may come in two chunks; its first half has ended the line already.
    const text = afterReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded
    afterReturn = decoded.endsWith('\r')
    const lines = (rest + text).split(/\r\n|\r|\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (type !== '' || data.length > 0) yield { type: type || 'message', data: data.join('\n') }
        type = ''
        data = []
        length = 0
        continue
      }
      const { name, value } = fieldOf(line)
      if (name === 'event') type = value
      else if (name === 'data') {
        data.push(value)
        length += value.length
      }
      if (length > limit) throw new RangeError(`an event is longer than ${limit}`)
    }
    if (length + rest.length > limit) throw new RangeError(`an event is longer than ${limit}`)
  }
}

/** A comment is a field without a name. */
function fieldOf(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':')
  if (colon === -1) return { name: line, value: '' }
  return { name: line.slice(0, colon), value: line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1) }
}
