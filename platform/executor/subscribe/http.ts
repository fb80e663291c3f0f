import { type Dispatcher, Pool } from 'undici'
import { Fault } from '../../errors.ts'
import type { SubgraphRequest, SubgraphResponse } from '../executor.ts'
import { SIGNATURE_HEADER, sign } from '../signature.ts'
import { member, parse, responseOf, unavailable } from './response.ts'
import { forwardedHeaders, sent } from './sent.ts'
import type { Subscriber, SubscriberOptions } from './subscriber.ts'

/** How a stream of events is asked for and read. */
export interface HttpProtocol {
  readonly accept: string
  readonly mediaType: string
  /**
   * The events' answers as JSON values, undefined for what is no JSON. Throws CutOff when the body ends before the
   * subgraph said that it is done, and RangeError for an event longer than `eventBytes`.
   */
  read(body: AsyncIterable<Uint8Array>, contentType: string, eventBytes: number): AsyncIterable<unknown>
}

/** A stream ended, and not because its events did. */
export class CutOff extends Error {
  override readonly name = 'CutOff'
}

/** Subscribes by one POST for each subscription. A slow reader holds its stream back: nothing piles up here. */
export function httpSubscriber(protocol: HttpProtocol, options: SubscriberOptions): Subscriber {
  const { subgraph, timeoutMs, connectTimeoutMs, silenceMs, eventBytes } = options
  const url = new URL(options.url.replace(/^ws/, 'http'))
  const pool = new Pool(url.origin, {
    headersTimeout: timeoutMs,
    bodyTimeout: silenceMs,
    // A peer that vanished without a word is found out by the kernel's probes.
    connect: { timeout: connectTimeoutMs, keepAlive: true, keepAliveInitialDelay: 15_000 }
  })
  let closed: Promise<void> | null = null

  return {
    async *subscribe(request) {
      const { signal } = request
      if (signal?.aborted) return
      try {
        const { headers, body } = await pool.request(posted(request, url, protocol, options))
        const type = String(headers['content-type'] ?? '')
        if (mediaTypeOf(type) !== protocol.mediaType) return yield await refusal(body, options)
        for await (const value of protocol.read(body, type, eventBytes)) yield responseOf(value, subgraph)
      } catch (thrown) {
        if (!signal?.aborted) throw fault(thrown, options)
      }
    },
    [Symbol.asyncDispose]() {
      closed ??= pool.close()
      return closed
    }
  }
}

function posted(
  request: SubgraphRequest,
  { pathname, search }: URL,
  { accept }: HttpProtocol,
  { subgraph, secret, forwardHeaders }: SubscriberOptions
): Dispatcher.RequestOptions {
  const path = pathname + search
  const body = JSON.stringify(sent(request, secret))
  return {
    method: 'POST',
    path,
    headers: {
      ...forwardedHeaders(request, forwardHeaders),
      ...request.trace,
      'content-type': 'application/json',
      accept,
      ...(secret !== null && {
        [SIGNATURE_HEADER]: sign(secret, { audience: subgraph, method: 'POST', path, body }, Date.now())
      })
    },
    body,
    ...(request.signal && { signal: request.signal })
  }
}

/** An answer that is no stream: the subgraph says why there is none. */
async function refusal(
  body: AsyncIterable<Uint8Array>,
  { subgraph, eventBytes }: SubscriberOptions
): Promise<SubgraphResponse> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > eventBytes) throw new RangeError('a refusal is too long')
    chunks.push(chunk)
  }
  return responseOf(parse(Buffer.concat(chunks).toString()), subgraph)
}

function mediaTypeOf(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

const SLOW = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'])

function fault(thrown: unknown, { subgraph, eventBytes }: SubscriberOptions): Fault {
  if (thrown instanceof Fault) return thrown
  if (thrown instanceof RangeError) {
    return unavailable(subgraph, `${subgraph} sent an event of more than ${eventBytes} bytes.`, thrown)
  }
  if (SLOW.has(String(member(thrown, 'code')))) {
    return new Fault('TIMEOUT', `${subgraph} did not answer in time; try again.`, { subgraph }, { cause: thrown })
  }
  return unavailable(subgraph, `The events of ${subgraph} cannot be had, or broke off.`, thrown)
}
