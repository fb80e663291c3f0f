import { once } from 'node:events'
import { connect } from 'node:net'
import type { SubgraphRequest } from '../../platform/executor/executor.ts'
import { type HttpDoor, startHttpDoor } from '../support/http-door.ts'

const ME = '{ me { id } }'

/** A door whose subgraphs never answer, and the requests that wait for them. */
async function startSilent(
  requestTimeoutMs: number
): Promise<{ readonly door: HttpDoor; readonly asked: SubgraphRequest[] }> {
  const door = await startHttpDoor({ transport: { requestTimeoutMs, batch: 5 } })
  const asked: SubgraphRequest[] = []
  door.federation.intercept = (_, request) => {
    asked.push(request)
    return new Promise(() => {})
  }
  return { door, asked }
}

const codesOf = async ({ door }: HttpDoor) => {
  const { values } = await door.metrics.operations.get()
  return values.map(({ labels, value }) => `${labels.kind} ${labels.code} ${value}`)
}

describe('an operation that takes too long', () => {
  test.each([
    ['a query', { query: ME }, 'application/json', 'query'],
    ['a query over server-sent events', { query: ME }, 'text/event-stream', 'query'],
    ['a batch', [{ query: ME }, { query: ME }], 'application/json', 'unknown']
  ])('is answered 504 without data, and stopped: %s', async (_, body, accept, kind) => {
    const { door, asked } = await startSilent(100)
    await using _closed = door
    const answer = await door.post(body, { accept })
    expect([answer.status, answer.body.errors?.[0]?.extensions['code']]).toEqual([504, 'TIMEOUT'])
    expect(answer.body).not.toHaveProperty('data')
    expect(answer.body.errors?.[0]?.message).toMatch(/stopped after 100 ms/)
    for (const { signal } of asked) expect(signal?.reason).toMatchObject({ code: 'TIMEOUT' })
    expect(await codesOf(door)).toContain(`${kind} TIMEOUT 1`)
  })

  test('does not delay the next one', async () => {
    const { door } = await startSilent(100)
    await using _closed = door
    await door.post({ query: ME })
    door.federation.intercept = null
    for (let i = 0; i < 3; i++) expect((await door.post({ query: ME })).body).toEqual({ data: { me: { id: 'u1' } } })
  })

  test('leaves those alone that are done in time', async () => {
    await using door = await startHttpDoor({ transport: { requestTimeoutMs: 100 } })
    const signals: (AbortSignal | undefined)[] = []
    door.federation.intercept = (_, request) => {
      signals.push(request.signal)
      return undefined
    }
    expect((await door.post({ query: ME })).status).toBe(200)
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(signals.map(signal => signal?.aborted)).toEqual([false])
    expect(await codesOf(door)).toEqual(['query none 1'])
  })
})

test('an operation whose client has gone is stopped', async () => {
  const { door, asked } = await startSilent(60_000)
  await using _closed = door
  const body = JSON.stringify({ query: ME })
  const socket = connect(Number(new URL(door.url).port), '127.0.0.1')
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  )
  while (asked.length === 0) await new Promise(setImmediate)
  const signal = asked[0]?.signal
  if (!signal) throw new Error('the subgraph was given no signal')
  expect(signal.aborted).toBe(false)
  const aborted = once(signal, 'abort')
  socket.destroy()
  await aborted
  expect(await codesOf(door)).toEqual(['query CLIENT_GONE 1'])
})
