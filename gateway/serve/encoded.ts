/** The longest answer that gets a buffer of the pool, in bytes. */
const CAPACITY = 256 * 1024
/** Free buffers that are kept. */
const MAX_FREE = 16
/** Below, node:http writes head and body as one text, which is faster. */
const SHORT = 8 * 1024

const encoder = new TextEncoder()
const free: Buffer[] = []

/** A body as it is handed to node:http. */
export interface Encoded {
  readonly body: string | Uint8Array
  readonly bytes: number
  /** To be called when the body has left the process; never when the connection broke before. */
  readonly release: (() => void) | undefined
}

/**
 * A text in UTF-8; `ascii` when it is known to hold nothing else. Encoded once into memory that is used again, a long one costs a third of what node:http takes to count its
 * bytes, to encode it and to let go of the memory.
 */
export function encoded(text: string, ascii: boolean): Encoded {
  if (text.length < SHORT) return { body: text, bytes: Buffer.byteLength(text), release: undefined }
  if (text.length > CAPACITY) return whole(text)
  const buffer = free.pop() ?? Buffer.allocUnsafeSlow(CAPACITY)
  const { read, written } = ascii ? copied(text, buffer) : encoder.encodeInto(text, buffer)
  const release = () => {
    if (free.length < MAX_FREE) free.push(buffer)
  }
  if (read === text.length) return { body: buffer.subarray(0, written), bytes: written, release }
  release()
  return whole(text)
}

/** What is ASCII is the same byte for character. */
function copied(text: string, buffer: Buffer): { readonly read: number; readonly written: number } {
  const written = buffer.write(text, 'latin1')
  return { read: written, written }
}

function whole(text: string): Encoded {
  const body = Buffer.from(text)
  return { body, bytes: body.length, release: undefined }
}
