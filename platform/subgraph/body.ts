import type { IncomingMessage } from 'node:http'
import { Fault } from '../errors.ts'

/** Reads a request's body whole. Throws Fault PAYLOAD_TOO_LARGE beyond `limit` bytes, without reading on. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit)
      throw new Fault('PAYLOAD_TOO_LARGE', `The request has more than ${limit} bytes; send less at a time.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
