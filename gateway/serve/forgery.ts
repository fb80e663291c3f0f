import type { IncomingMessage } from 'node:http'
import { JSON_TYPE } from './media-type.ts'

/** Headers that a page of another site cannot make a browser send unless the router allows that page first (CORS). */
const UNFORGEABLE = [
  'authorization',
  'graphql-require-preflight',
  'apollo-require-preflight',
  'x-apollo-operation-name'
] as const

/**
 * Whether a page of another site may have made a browser send this GET unasked, with an image, a script or a link. Nobody
 * is known here by a cookie, and nothing is changed by a GET; what such a page could use is the browser's place in the
 * network, to make an open router work and to measure how long it takes.
 *
 * Browsers say where a request comes from in `Sec-Fetch-Site`; a page that is allowed by its `Origin` has been checked.
 * They say it to HTTPS and to localhost alone: elsewhere, what looks like a browser has to send a header of the above.
 */
export function mayBeForged({ headers }: IncomingMessage): boolean {
  if (UNFORGEABLE.some(name => headers[name] !== undefined) || headers['content-type'] === JSON_TYPE) return false
  if (headers.origin !== undefined) return false
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return (
    headers.cookie !== undefined ||
    headers.referer !== undefined ||
    (headers['user-agent']?.startsWith('Mozilla/') ?? false)
  )
}
