import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { submitOrder } from '../support/story.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway[Symbol.asyncDispose]())

const QUERY = 'subscription { orderStatusChanged { to order { id } } }'

interface Received {
  readonly event: string
  readonly id?: string
  readonly data: {
    data?: { orderStatusChanged: { to: string; order: { id: string } } }
    extensions?: { prev: string }
    errors?: unknown
  }
}

/** Opens a stream and reads its events one by one. */
async function open(headers: Record<string, string> = {}, seconds = 600) {
  const stop = new AbortController()
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${await gateway.token('sales', seconds)}`,
      ...headers
    },
    body: JSON.stringify({ query: QUERY }),
    signal: stop.signal
  })
  return { response, stop: () => stop.abort(), events: read(response) }
}

async function* read(response: Response): AsyncGenerator<Received> {
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString('utf8')
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text
        .slice(0, end)
        .split('\n')
        .map(line => line.split(/:\s?/, 1).concat(line.slice(line.indexOf(':') + 1).trimStart()))
      text = text.slice(end + 2)
      const field = (name: string) => lines.find(([key]) => key === name)?.[1]
      const event = field('event')
      const id = field('id')
      if (event) yield { event, ...(id === undefined ? {} : { id }), data: JSON.parse(field('data') || '{}') }
    }
  }
}

describe('subscriptions as server-sent events', () => {
  test('deliver events with their cursor as the id, and resume behind Last-Event-ID', async () => {
    const first = await open()
    expect(first.response.headers.get('content-type')).toMatch('text/event-stream')
    const made = await submitOrder(gateway, 'DIRECT')
    const { value: event } = await first.events.next()
    expect(event).toMatchObject({ event: 'next', data: { data: { orderStatusChanged: { order: { id: made.id } } } } })
    first.stop()

    const missed = await submitOrder(gateway, 'DIRECT')
    const second = await open({ 'last-event-id': event?.id ?? '' })
    const { value: next } = await second.events.next()
    expect(next).toMatchObject({ data: { data: { orderStatusChanged: { order: { id: missed.id } } } } })
    second.stop()
  })

  test('are refused before they begin when the cursor is not one of ours', async () => {
    const { response } = await open({ 'last-event-id': 'x'.repeat(50) })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'CURSOR_INVALID' } }] })
  })

  test('end with the token, saying so', async () => {
    const { events } = await open({}, 1)
    const received: Received[] = []
    for await (const event of events) received.push(event)
    expect(received.map(({ event }) => event)).toEqual(['next', 'complete'])
    expect(received[0]?.data.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })

  test('are not answered as plain JSON', async () => {
    const { response } = await open({ accept: 'application/json' })
    expect(response.status).toBe(406)
  })
})
