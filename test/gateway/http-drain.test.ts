import type { SubgraphResponse } from '../../platform/executor/executor.ts'
import { type HttpDoor, startHttpDoor } from '../support/http-door.ts'

const ME = { query: '{ me { id } }' }

/** A door whose next answer waits until it is let go. */
async function startHeld(drainMs: number) {
  const door = await startHttpDoor({ transport: { drainMs } })
  let release = () => {}
  const held = new Promise<SubgraphResponse>(resolve => {
    release = () => resolve({ data: { me: { id: 'u1' } } })
  })
  let asked = () => {}
  const isAsked = new Promise<void>(resolve => {
    asked = resolve
  })
  door.federation.intercept = () => {
    asked()
    return held
  }
  return { door, isAsked, release }
}

const reachable = (door: HttpDoor) =>
  door.post(ME).then(
    () => true,
    () => false
  )

describe('a router on its way out', () => {
  test('answers what it has begun, takes nothing new, and keeps no connection', async () => {
    const { door, isAsked, release } = await startHeld(60_000)
    const answer = door.post(ME)
    await isAsked
    const closed = door[Symbol.asyncDispose]()
    expect(await reachable(door)).toBe(false)
    release()
    const { status, headers, body } = await answer
    expect([status, headers.get('connection')]).toEqual([200, 'close'])
    expect(body).toEqual({ data: { me: { id: 'u1' } } })
    await closed
  })

  test('cuts off what does not end in time', async () => {
    const { door, isAsked } = await startHeld(100)
    const answer = door.post(ME).catch(() => 'cut off')
    await isAsked
    await door[Symbol.asyncDispose]()
    expect(await answer).toBe('cut off')
  })

  test('does not wait for connections on which nothing is asked', async () => {
    const door = await startHttpDoor({ transport: { drainMs: 60_000 } })
    // It leaves its connection open for the next one.
    await door.post(ME)
    await door[Symbol.asyncDispose]()
  })
})
