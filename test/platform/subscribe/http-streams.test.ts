import type { RequestListener, ServerResponse } from 'node:http'
import { parse } from 'graphql'
import type { SubgraphResponse } from '../../../platform/executor/executor.ts'
import { subscribeOver } from '../../../platform/executor/subscribe/subscribe-over.ts'
import type { SubscriberLimits } from '../../../platform/executor/subscribe/subscriber.ts'
import { answering } from '../../contracts/executor/answering.ts'
import { accessOf } from '../support.ts'

const TEXT = 'subscription { n }'

/** Everything that a reader gets of an answer. */
async function readAll(
  protocol: 'sse' | 'multipart',
  listener: RequestListener,
  over: Partial<SubscriberLimits> = {}
): Promise<SubgraphResponse[]> {
  await using server = await answering(listener)
  await using subscriber = subscribeOver(protocol, { url: server.url, subgraph: 'raw', secret: null, ...over })
  const found: SubgraphResponse[] = []
  const operation = { kind: 'subscription', text: TEXT, document: parse(TEXT) } as const
  for await (const event of subscriber.subscribe({ operation, variables: {}, access: accessOf() })) found.push(event)
  return found
}

const sse = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
const multipart = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'multipart/mixed;boundary=graphql;subscriptionSpec="1.0"' })
const NEXT = 'event: next\ndata: {"data":{"n":1}}\n\n'
const part = (text: string) => `\r\ncontent-type: application/json\r\n\r\n${text}\r\n--graphql`
const PAYLOAD = part('{"payload":{"data":{"n":1}}}')
const UNAVAILABLE = { code: 'SUBGRAPH_UNAVAILABLE', details: { subgraph: 'raw' } }

describe('server-sent events', () => {
  test('are asked for as such', async () => {
    let accept: string | undefined
    await readAll('sse', (request, response) => {
      accept = request.headers.accept
      sse(response).end('event: complete\n\n')
    })
    expect(accept).toMatch(/^text\/event-stream,/)
  })

  test('may have no name, or a name of their own that means nothing', async () => {
    const body = `event: ping\ndata: {}\n\ndata: {"data":{"n":2}}\n\n${NEXT}event: complete\ndata:\n\nevent: next\ndata: {}\n\n`
    expect(await readAll('sse', (_, response) => sse(response).end(body))).toEqual([
      { data: { n: 2 } },
      { data: { n: 1 } }
    ])
  })

  test.each([
    ['end without "complete"', (response: ServerResponse) => sse(response).end(NEXT)],
    ['are no JSON', (response: ServerResponse) => sse(response).end('event: next\ndata: {"da\n\n')],
    ['are no responses', (response: ServerResponse) => sse(response).end('event: next\ndata: {"hello":1}\n\n')],
    ['are a page of HTML', (response: ServerResponse) => response.writeHead(502).end('<h1>Bad gateway</h1>')]
  ])('break off when they %s', async (_, answer) => {
    await expect(readAll('sse', (_request, response) => void answer(response))).rejects.toMatchObject(UNAVAILABLE)
  })

  test('are TIMEOUT when they do not begin', async () => {
    await expect(readAll('sse', () => {}, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  test('may be silent for as long as is said, and no longer', async () => {
    const silent: RequestListener = (_, response) => void sse(response).write(NEXT)
    await expect(readAll('sse', silent, { silenceMs: 100 })).rejects.toMatchObject(UNAVAILABLE)
  })
})

describe('a multipart stream', () => {
  test('is asked for as such', async () => {
    let accept: string | undefined
    await readAll('multipart', (request, response) => {
      accept = request.headers.accept
      multipart(response).end('--graphql--')
    })
    expect(accept).toMatch(/^multipart\/mixed;subscriptionSpec="1\.0",/)
  })

  test('has heartbeats that are nothing', async () => {
    const body = `--graphql${part('{}')}${PAYLOAD}${part('{"payload":null}')}${part('{}')}--`
    expect(await readAll('multipart', (_, response) => multipart(response).end(body))).toEqual([{ data: { n: 1 } }])
  })

  test('ends with the errors that stand beside the payload', async () => {
    const body = `--graphql${PAYLOAD}${part('{"payload":null,"errors":[{"message":"gone"}]}')}${PAYLOAD}`
    expect(await readAll('multipart', (_, response) => multipart(response).end(body))).toEqual([
      { data: { n: 1 } },
      { data: null, errors: [{ message: 'gone' }] }
    ])
  })

  test('may have answers without an envelope', async () => {
    const body = `--graphql${part('{"data":{"n":3}}')}--`
    expect(await readAll('multipart', (_, response) => multipart(response).end(body))).toEqual([{ data: { n: 3 } }])
  })

  test.each([
    ['ends without its closing delimiter', `--graphql${PAYLOAD}`],
    ['has a part that is no JSON', `--graphql${part('{"pay')}--`],
    ['has a part that is no response', `--graphql${part('{"payload":{"hello":1}}')}--`],
    ['has a part that is something else', `--graphql${part('{"hello":1}')}--`],
    ['has errors that are none', `--graphql${part('{"errors":"none"}')}--`]
  ])('breaks off when it %s', async (_, body) => {
    await expect(readAll('multipart', (_request, response) => multipart(response).end(body))).rejects.toMatchObject(
      UNAVAILABLE
    )
  })
})

test.each(['sse', 'multipart'] as const)('over %s, an answer in JSON is the one event', async protocol => {
  const body = '{"errors":[{"message":"not you"}]}'
  expect(
    await readAll(protocol, (_, response) => response.writeHead(403, { 'content-type': 'application/json' }).end(body))
  ).toEqual([{ data: null, errors: [{ message: 'not you' }] }])
})
