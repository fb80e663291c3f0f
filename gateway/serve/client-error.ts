import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { FAULTS, Fault, type FaultCode } from '../../platform/errors.ts'

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large'
}

/** What node:http says of a request that it could not even read, as a fault. */
export function faultOf({ code }: NodeJS.ErrnoException): Fault {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Fault(
        'HEADERS_TOO_LARGE',
        'The headers or the URL of the request are too long; send less, or use POST.'
      )
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Fault('REQUEST_TIMEOUT', 'The request did not arrive in time; send it again.')
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Fault('PAYLOAD_TOO_LARGE', 'The extensions of the chunked body are too long; send none.')
    default:
      return new Fault('BAD_REQUEST', 'The request is not HTTP.')
  }
}

/**
 * Answers a request that never became one, and closes the connection. Gives the code that was answered; null when nobody
 * is there to hear it, or a part of an answer has been sent already.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): FaultCode | null {
  const begun = (socket as { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent === true
  if (error.code === 'ECONNRESET' || !socket.writable || begun) {
    socket.destroy()
    return null
  }
  const fault = faultOf(error)
  const { status } = FAULTS[fault.code]
  const body = JSON.stringify({ errors: [fault.toGraphQL()] })
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\ncache-control: private, no-store\r\nconnection: close\r\n\r\n${body}`
  )
  return fault.code
}
