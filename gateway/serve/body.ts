import type { IncomingMessage } from 'node:http'
import { Fault } from '../../platform/errors.ts'
import { JSON_TYPE } from './media-type.ts'

const JSON_IN_UTF8 = /^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i

/**
 * What is read and thrown away of a body that is too large, in multiples of the limit, so that a client which writes all
 * of it before it reads gets to see why it was refused.
 */
const DISCARDED = 8

/** The body as JSON. Throws Fault BAD_REQUEST, PAYLOAD_TOO_LARGE or UNSUPPORTED_MEDIA_TYPE. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  requireJson(request)
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Fault('UNSUPPORTED_MEDIA_TYPE', 'Send the request body uncompressed.')
  }
  const text = await readText(request, maxBytes)
  try {
    return JSON.parse(text)
  } catch {
    throw new Fault('BAD_REQUEST', 'The request body is not valid JSON.')
  }
}

/** Throws Fault UNSUPPORTED_MEDIA_TYPE when the request says that it is anything but JSON in UTF-8. */
export function requireJson({ headers }: IncomingMessage): void {
  const type = headers['content-type']
  if (type === JSON_TYPE || (type !== undefined && JSON_IN_UTF8.test(type))) return
  throw new Fault('UNSUPPORTED_MEDIA_TYPE', 'Send the request as "Content-Type: application/json" in UTF-8.')
}

function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let first: Buffer | null = null
    let more: Buffer[] | null = null
    let bytes = 0
    let refused = false
    const refuse = () => {
      refused = true
      reject(new Fault('PAYLOAD_TOO_LARGE', `The request body is larger than ${maxBytes} bytes; send less at a time.`))
    }
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (refused) {
        if (bytes > maxBytes * DISCARDED) request.destroy()
      } else if (bytes > maxBytes) {
        first = more = null
        refuse()
      } else if (first === null) first = chunk
      else if (more === null) more = [first, chunk]
      else more.push(chunk)
    })
    request.on('end', () => {
      if (!refused) resolve((more ? Buffer.concat(more) : first)?.toString('utf8') ?? '')
    })
    request.on('error', () => reject(new Fault('BAD_REQUEST', 'The request ended before its body was complete.')))
    // What is announced as too large need not come first.
    if (Number(request.headers['content-length']) > maxBytes) refuse()
  })
}
