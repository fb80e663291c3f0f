import { setTimeout as delay } from 'node:timers/promises'
import { Client, eventually } from './client.ts'
import { startDoor } from './door.ts'

const TICK = 'subscription { tick { n } }'

/** A close after which the client is to come back. */
const COME_BACK = { code: 1012, reason: expect.stringMatching(/^\{"message":"[^"]+","retryAfterMs":\d+\}$/) }

test('subscribers are sent away to come back, without a complete that would end their stream', async () => {
  await using door = await startDoor()
  await using client = await Client.acknowledged(door.url)
  await using idle = await Client.acknowledged(door.url)
  await using silent = await Client.open(door.url)
  client.subscribe('1', TICK)
  await eventually(() => door.sources.size === 1, 'the subscription does not start')
  door.tick(1)
  await client.until('next', '1')
  const closing = door.drain(1_000)
  for (const each of [client, idle, silent]) expect(await each.closed).toEqual(COME_BACK)
  await closing
  expect(client.of('1').map(({ type }) => type)).toEqual(['next'])
  expect(door.sources.size).toBe(0)
  expect(await door.running()).toBe(0)
})

test('events that wait for a slow reader are sent before the close', async () => {
  await using door = await startDoor()
  await using client = await Client.acknowledged(door.url)
  client.socket.pause()
  client.subscribe('1', 'subscription { big(bytes: 262144) { n text } }')
  for (let before = -1; before !== door.taken(); await delay(100)) before = door.taken()
  const taken = door.taken()
  const draining = door.drain(60_000)
  client.socket.resume()
  expect(await client.closed).toEqual(COME_BACK)
  await draining
  expect(client.of('1')).toHaveLength(taken)
})

test('clients are told to come back at different times', async () => {
  await using door = await startDoor()
  const clients = await Promise.all(Array.from({ length: 20 }, () => Client.acknowledged(door.url)))
  void door.drain(1_000)
  const times = await Promise.all(
    clients.map(async client => JSON.parse((await client.closed).reason).retryAfterMs as number)
  )
  expect(new Set(times).size).toBeGreaterThan(10)
  expect(Math.max(...times)).toBeLessThanOrEqual(10_000)
})

test('a query that runs is answered within the grace; nothing new is begun meanwhile', async () => {
  await using door = await startDoor({ transport: { drainMs: 60_000 } })
  await using client = await Client.acknowledged(door.url)
  client.subscribe('1', '{ held }')
  client.subscribe('events', TICK)
  await eventually(() => door.asked.length === 2, 'the query is not asked')
  const draining = door.drain(60_000)
  client.subscribe('2', '{ hello }')
  await client.settled()
  const refused = new Client(door.url)
  expect(await statusOf(refused)).toBe(503)
  door.tick(1)
  door.release()
  expect(await client.closed).toEqual(COME_BACK)
  await draining
  expect(client.received.slice(1)).toEqual([
    { id: '1', type: 'next', payload: { data: { held: 'released' } } },
    { id: '1', type: 'complete' }
  ])
})

test('a query that takes longer than the grace is left behind', async () => {
  await using door = await startDoor()
  await using client = await Client.acknowledged(door.url)
  client.subscribe('1', '{ held }')
  await eventually(() => door.asked.length === 1, 'the query is not asked')
  const draining = door.drain(50)
  expect(await client.closed).toEqual(COME_BACK)
  await draining
  expect(client.of('1')).toEqual([])
})

async function statusOf(client: Client): Promise<number | undefined> {
  const status = await new Promise<number | undefined>(resolve => {
    client.socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
  })
  client.socket.terminate()
  return status
}
