import type { IncomingMessage } from 'node:http'
import { Fault } from '../../platform/errors.ts'

const MAX_BODY_BYTES = 1024 * 1024

/** The body as JSON. Throws Fault BAD_REQUEST, PAYLOAD_TOO_LARGE or UNSUPPORTED_MEDIA_TYPE. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i.test(type)) {
    throw new Fault('UNSUPPORTED_MEDIA_TYPE', 'Send the request as "Content-Type: application/json" in UTF-8.')
  }
  if (request.headers['content-encoding'] && request.headers['content-encoding'] !== 'identity') {
    throw new Fault('UNSUPPORTED_MEDIA_TYPE', 'Send the request body uncompressed.')
  }
  const text = await readText(request)
  try {
    return JSON.parse(text)
  } catch {
    throw new Fault('BAD_REQUEST', 'The request body is not valid JSON.')
  }
}

function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MAX_BODY_BYTES) {
        request.pause()
        reject(new Fault('PAYLOAD_TOO_LARGE', `The request body is larger than ${MAX_BODY_BYTES} bytes.`))
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.on('error', () => reject(new Fault('BAD_REQUEST', 'The request ended before its body was complete.')))
    request.on('aborted', () => reject(new Fault('BAD_REQUEST', 'The request ended before its body was complete.')))
  })
}
