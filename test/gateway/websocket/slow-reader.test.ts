import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { Client, eventually } from './client.ts'
import { startDoor, type TestDoor } from './door.ts'

/** An event that no system takes many of from a socket that nobody reads. */
const EVENT_BYTES = 256 * 1024
const BIG = `subscription { big(bytes: ${EVENT_BYTES}) { n text } }`

/** Waits until nothing more is taken from the sources. */
async function stalled(door: TestDoor): Promise<number> {
  for (let before = -1; before !== door.taken(); await delay(100)) before = door.taken()
  return door.taken()
}

test('a subscriber that reads nothing stops its source, and nobody else’s', async () => {
  await using door = await startDoor({ transport: { keepAliveMs: 60_000 } })
  await using slow = await Client.acknowledged(door.url)
  await using other = await Client.acknowledged(door.url)
  other.subscribe('1', 'subscription { tick { n } }')
  slow.socket.pause()
  slow.subscribe('1', BIG)
  const taken = await stalled(door)
  // What the two systems' own buffers hold, and no more: an endless source would have been read for ever.
  expect(taken * EVENT_BYTES).toBeLessThan(32 * 1024 * 1024)
  door.tick(1)
  await other.until('next', '1')
  other.subscribe('2', '{ hello }')
  await other.until('complete', '2')

  slow.socket.resume()
  await eventually(() => slow.of('1').length > taken, 'it does not go on')
  const numbers = slow.of('1').map(({ payload }) => (payload as unknown as { data: { big: { n: number } } }).data.big.n)
  expect(numbers).toEqual(numbers.map((_, i) => i))
})

test('many subscriptions of a socket that reads nothing hold one event each', async () => {
  await using door = await startDoor({ transport: { keepAliveMs: 60_000 } })
  await using slow = await Client.acknowledged(door.url)
  slow.subscribe('0', BIG)
  await slow.until('next', '0')
  slow.socket.pause()
  const alone = await stalled(door)
  for (let i = 1; i <= 50; i++) slow.subscribe(String(i), BIG)
  const taken = await stalled(door)
  expect(taken - alone).toBeLessThanOrEqual(50)
  expect(door.sources.size).toBe(51)
  expect(await door.running()).toBe(51)
})

test('answers that nobody reads close their socket with 1013 when too much of them waits', async () => {
  const limit = 512 * 1024
  await using door = await startDoor({ transport: { socketBufferBytes: limit, keepAliveMs: 60_000 } })
  await using slow = await Client.acknowledged(door.url)
  await using other = await Client.acknowledged(door.url)
  slow.socket.pause()
  slow.subscribe('events', 'subscription { tick { n } }')
  await eventually(() => door.sources.size === 1, 'the subscription does not start')
  const before = await door.metric('socketCloses')
  let asked = 0
  const overflown = async () => {
    if ((await door.metric('socketCloses')) > before) return true
    slow.subscribe(String(asked++), '{ text(bytes: 200000) }')
    return false
  }
  await eventually(overflown, 'it is never closed')
  await eventually(() => door.sources.size === 0, 'its subscription stays')
  other.subscribe('1', '{ hello }')
  await other.until('complete', '1')

  // What was on its way is there to read, and then the reason.
  slow.socket.resume()
  const { code, reason } = await slow.closed
  expect(code).toBe(1013)
  expect(JSON.parse(reason)).toEqual({
    message: expect.stringContaining('slow'),
    retryAfterMs: expect.any(Number)
  })
  expect(slow.received.filter(({ type }) => type === 'complete').length).toBeLessThan(asked)
})

test('a connection that takes nothing at all is cut off, so that what waits for it does not wait for ever', async () => {
  await using door = await startDoor({ transport: { keepAliveMs: 300 } })
  await using slow = await Client.acknowledged(door.url)
  slow.subscribe('1', BIG)
  await slow.until('next', '1')
  slow.socket.pause()
  await eventually(async () => (await door.metric('socketCloses')) === 1, 'it is not closed')
  await eventually(() => door.sources.size === 0, 'the source stays')
  expect(await door.running()).toBe(0)
  slow.socket.resume()
  expect((await slow.closed).code).toBe(1013)
})

test('one answer may be larger than what may wait', async () => {
  await using door = await startDoor({ transport: { socketBufferBytes: 1024 } })
  await using client = await Client.acknowledged(door.url)
  for (const id of ['1', '2', '3']) {
    client.subscribe(id, '{ text(bytes: 300000) }')
    await client.until('complete', id)
  }
})

test('a source that always has something leaves everybody a turn between two events', async () => {
  await using door = await startDoor()
  await using client = await Client.acknowledged(door.url)
  client.subscribe('1', 'subscription { big(bytes: 10) { n } }')
  await client.until('next', '1')
  let most = 0
  for (let i = 0; i < 200; i++) {
    const before = door.taken()
    await nextTurn()
    most = Math.max(most, door.taken() - before)
  }
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(2)
})
