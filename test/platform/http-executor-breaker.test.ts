import type { RequestListener, ServerResponse } from 'node:http'
import type { SubgraphRequest } from '../../platform/executor/executor.ts'
import { type HttpExecutorOptions, httpExecutor } from '../../platform/executor/http.ts'
import { answering } from '../contracts/executor/answering.ts'
import { operationOf } from '../contracts/executor/subgraph.ts'
import { accessOf } from './support.ts'

const query: SubgraphRequest = { operation: operationOf('{ hello }'), variables: {}, access: accessOf() }

const works = (response: ServerResponse) => void response.end('{"data":{"hello":"hi"}}')
const breaks = (response: ServerResponse) => void response.destroy()

/** A subgraph that does as it is told, an executor that stops asking after three failures, and a clock set by hand. */
async function setUp(over: Partial<HttpExecutorOptions> = {}) {
  const server = { asked: 0, does: works as (response: ServerResponse) => void }
  const listener: RequestListener = (_, response) => {
    server.asked++
    server.does(response)
  }
  const running = await answering(listener)
  const clock = { now: 0 }
  const states: string[] = []
  const executor = httpExecutor({
    url: running.url,
    secret: null,
    subgraph: 'probe',
    breaker: { failures: 3, openMs: 5_000, now: () => clock.now },
    watch: { breaker: state => void states.push(state) },
    ...over
  })
  const ask = (signal?: AbortSignal): Promise<unknown> =>
    executor.execute({ ...query, ...(signal && { signal }) }).catch((error: unknown) => error)
  return {
    server,
    clock,
    states,
    ask,
    async askTimes(times: number) {
      for (let i = 0; i < times; i++) await ask()
    },
    async [Symbol.asyncDispose]() {
      await executor[Symbol.asyncDispose]()
      await running[Symbol.asyncDispose]()
    }
  }
}

const hi = { data: { hello: 'hi' }, texts: 'latin1' }
const resting = { code: 'SUBGRAPH_UNAVAILABLE', message: expect.stringContaining('left alone for a moment') }

describe('a subgraph that fails several times in a row', () => {
  test('is left alone, then asked by one query, and by all once that is answered', async () => {
    await using world = await setUp()
    const { server, clock, states, ask, askTimes } = world
    server.does = breaks
    await askTimes(3)
    expect(states).toEqual(['open'])
    server.does = works
    clock.now = 4_999
    expect(await ask()).toMatchObject(resting)
    expect(server.asked).toBe(3)
    clock.now = 5_000
    expect(await ask()).toEqual(hi)
    expect(await ask()).toEqual(hi)
    expect(states).toEqual(['open', 'half-open', 'closed'])
  })

  test('is left alone again when that one fails', async () => {
    await using world = await setUp()
    const { server, clock, states, ask, askTimes } = world
    server.does = breaks
    await askTimes(3)
    clock.now = 5_000
    await ask()
    clock.now = 9_999
    expect(await ask()).toMatchObject(resting)
    expect(server.asked).toBe(4)
    expect(states).toEqual(['open', 'half-open', 'open'])
  })

  test('is asked by one query alone while it is tried', async () => {
    await using world = await setUp()
    const { server, clock, ask, askTimes } = world
    server.does = breaks
    await askTimes(3)
    let answer = () => {}
    const arrived = new Promise<void>(resolve => {
      server.does = response => {
        answer = () => works(response)
        resolve()
      }
    })
    clock.now = 5_000
    const probe = ask()
    await arrived
    expect(await ask()).toMatchObject(resting)
    answer()
    expect(await probe).toEqual(hi)
  })

  test('is tried by the next query when the client of the first goes away', async () => {
    await using world = await setUp()
    const { server, clock, states, ask, askTimes } = world
    server.does = breaks
    await askTimes(3)
    const stop = new AbortController()
    server.does = () => stop.abort()
    clock.now = 5_000
    expect(await ask(stop.signal)).toMatchObject({ code: 'TIMEOUT' })
    server.does = works
    expect(await ask()).toEqual(hi)
    expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed'])
  })

  test('is not asked again by the retries of a query either', async () => {
    await using world = await setUp({ retries: 10 })
    world.server.does = breaks
    expect(await world.ask()).toMatchObject(resting)
    expect(world.server.asked).toBe(3)
  })

  test('is left alone for being slow: timeouts count', async () => {
    await using world = await setUp({ timeoutMs: 30, breaker: { failures: 3, openMs: 600_000 } })
    world.server.does = () => {}
    await world.askTimes(3)
    expect(world.states).toEqual(['open'])
  })

  test('is left alone when its clients went away after half of its time', async () => {
    await using world = await setUp({ timeoutMs: 20_000 })
    const { server, clock, states, ask } = world
    for (const waited of [10_000, 9_999, 10_000, 10_000]) {
      const stop = new AbortController()
      server.does = () => {
        clock.now += waited
        stop.abort()
      }
      await ask(stop.signal)
    }
    expect(states).toEqual(['open'])
    expect(server.asked).toBe(4)
  })
})

describe('a subgraph is not left alone', () => {
  test('when an answer comes between its failures', async () => {
    await using world = await setUp()
    const { server, states, ask, askTimes } = world
    for (let i = 0; i < 3; i++) {
      server.does = breaks
      await askTimes(2)
      server.does = works
      await ask()
    }
    expect(states).toEqual([])
  })

  test('when one client makes many questions fail at once', async () => {
    await using world = await setUp()
    const { server, states, ask } = world
    server.does = breaks
    await Promise.all(Array.from({ length: 12 }, () => ask()))
    server.does = works
    expect(await ask()).toEqual(hi)
    expect([server.asked, states]).toEqual([13, []])
  })

  test('when one client’s questions take too long while others are answered', async () => {
    await using world = await setUp({ timeoutMs: 20_000 })
    const { server, clock, states, ask } = world
    const stop = new AbortController()
    let slow: readonly Promise<unknown>[] = []
    await new Promise<void>(resolve => {
      server.does = () => server.asked === 12 && resolve()
      slow = Array.from({ length: 12 }, () => ask(stop.signal))
    })
    server.does = works
    expect(await ask()).toEqual(hi)
    clock.now = 15_000
    stop.abort()
    await Promise.all(slow)
    expect(await ask()).toEqual(hi)
    expect(states).toEqual([])
  })

  test.each<[string, (response: ServerResponse) => void]>([
    ['tells one caller to ask less', response => void response.writeHead(429).end('slow down')],
    ['answers with GraphQL errors', response => void response.writeHead(500).end('{"errors":[{"message":"no"}]}')],
    ['answers too much', response => void response.end(JSON.stringify({ data: { x: 'x'.repeat(5_000) } }))],
    ['refuses the question', response => void response.writeHead(404).end()]
  ])('because it %s', async (_, does) => {
    await using world = await setUp({ maxResponseBytes: 1_000 })
    world.server.does = does
    await world.askTimes(5)
    expect(world.states).toEqual([])
    expect(world.server.asked).toBe(5)
  })

  test('when the settings say never', async () => {
    await using world = await setUp({ breaker: { failures: 0, openMs: 5_000 } })
    world.server.does = breaks
    await world.askTimes(5)
    expect(world.server.asked).toBe(5)
  })
})
