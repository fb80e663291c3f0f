import { isAscii } from 'node:buffer'
import type { Result } from '../engine.ts'

/** The longest answer that gets memory of the pool, in bytes. */
const CAPACITY = 256 * 1024
/** Free memory that is kept, in pieces of `CAPACITY`. */
const MAX_FREE = 16
/** Below, node:http writes head and body as one text, which is faster. */
const SHORT = 8 * 1024
/** The bits of four bytes that only characters outside of ASCII have. */
const NOT_ASCII = 0x80808080

/** A body as it is handed to node:http. */
export interface Encoded {
  readonly body: string | Uint8Array
  readonly bytes: number
  /** To be called when the body has left the process; never when the connection broke before. */
  readonly release: (() => void) | undefined
}

class Memory {
  readonly bytes = Buffer.allocUnsafeSlow(CAPACITY)
  readonly words = new Int32Array(this.bytes.buffer)
}

const encoder = new TextEncoder()
const free: Memory[] = []

function release(memory: Memory): void {
  if (free.length < MAX_FREE) free.push(memory)
}

/**
 * A text in UTF-8; `latin1` when it is known to hold no other characters. Encoded once, into memory that is used again, a long
 * one costs a third of what node:http takes to count its bytes, to encode it and to let go of the memory.
 */
export function encoded(text: string, latin1: boolean): Encoded {
  const { length } = text
  if (length < SHORT) return { body: text, bytes: Buffer.byteLength(text), release: undefined }
  if (length > CAPACITY) return whole(text)
  const memory = free.pop() ?? new Memory()
  if (latin1) return fromLatin1(text, memory)
  const { read, written } = encoder.encodeInto(text, memory.bytes)
  if (read === length) return held(memory, written)
  release(memory)
  return whole(text)
}

const shared = new WeakMap<Result, Encoded>()

/** A result as the body that it is sent as; for several callers it is made once. */
export function encodedResult(result: Result): Encoded {
  if (!result.shared) return encoded(result.text, result.latin1)
  const known = shared.get(result) ?? whole(result.text)
  shared.set(result, known)
  return known
}

/** Text that was put together of many pieces is written piece by piece as Latin-1, while for UTF-8 V8 copies it first. */
function fromLatin1(text: string, memory: Memory): Encoded {
  const length = memory.bytes.write(text, 'latin1')
  if (isAscii(memory.bytes.subarray(0, length))) return held(memory, length)
  const target = free.pop() ?? new Memory()
  const written = latin1ToUtf8(memory, length, target.bytes)
  release(memory)
  if (written !== null) return held(target, written)
  release(target)
  return whole(text)
}

/** Bytes that are looked at together. */
const BLOCK = 16

/** Copies what lies between two characters outside of ASCII at once; null when it does not fit. */
function latin1ToUtf8({ bytes, words }: Memory, length: number, target: Buffer): number | null {
  let from = 0
  let to = 0
  for (let block = 0; block < length; block += BLOCK) {
    if (isAsciiBlock(words, block / 4)) continue
    const end = Math.min(block + BLOCK, length)
    for (let i = block; i < end; i++) {
      const byte = bytes[i] ?? 0
      if (byte < 0x80) continue
      bytes.copy(target, to, from, i)
      to += i - from
      if (to + 2 + length - i > CAPACITY) return null
      target[to++] = 0xc0 | (byte >> 6)
      target[to++] = 0x80 | (byte & 0x3f)
      from = i + 1
    }
  }
  bytes.copy(target, to, from, length)
  return to + length - from
}

function isAsciiBlock(words: Int32Array, at: number): boolean {
  const any = (words[at] ?? 0) | (words[at + 1] ?? 0) | (words[at + 2] ?? 0) | (words[at + 3] ?? 0)
  return (any & NOT_ASCII) === 0
}

function held(memory: Memory, bytes: number): Encoded {
  return { body: memory.bytes.subarray(0, bytes), bytes, release: () => release(memory) }
}

function whole(text: string): Encoded {
  const body = Buffer.from(text)
  return { body, bytes: body.length, release: undefined }
}
