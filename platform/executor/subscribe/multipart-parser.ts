const LINE_END = '\r\n'
const HEAD_END = Buffer.from(LINE_END + LINE_END)

/**
 * Splits a multipart body (RFC 2046) into the texts of its parts, without their headers; null is its closing delimiter,
 * without which it was cut off. Throws RangeError when a part is longer than `limit` bytes.
 */
export async function* parseParts(
  chunks: AsyncIterable<Uint8Array>,
  boundary: string,
  limit: number
): AsyncGenerator<string | null> {
  const delimiter = Buffer.from(`${LINE_END}--${boundary}`)
  // The first delimiter may stand at the very start, where no line ends before it.
  let buffer: Buffer = Buffer.from(LINE_END)
  let isPart = false
  let from = 0
  for await (const chunk of chunks) {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      if (isPart && buffer.toString('latin1', 0, 2) === '--') return yield null
      const at = buffer.indexOf(delimiter, from)
      if (at === -1) break
      if (at > limit) throw tooLong(limit)
      if (isPart) yield textOf(buffer.subarray(0, at))
      buffer = buffer.subarray(at + delimiter.length)
      isPart = true
      from = 0
    }
    if (buffer.length > limit) throw tooLong(limit)
    from = Math.max(0, buffer.length - delimiter.length)
  }
}

function tooLong(limit: number): RangeError {
  return new RangeError(`a part is longer than ${limit} bytes`)
}

function textOf(part: Buffer): string {
  const end = part.indexOf(HEAD_END)
  return end === -1 ? '' : part.toString('utf8', end + HEAD_END.length)
}
