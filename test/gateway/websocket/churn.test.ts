import { setTimeout as delay } from 'node:timers/promises'
import { Client, eventually } from './client.ts'
import { startDoor, type TestDoor } from './door.ts'

const TICK = 'subscription { tick { n } }'

let door: TestDoor
beforeAll(async () => {
  door = await startDoor({ transport: { messagesPerSecond: 1_000_000 } })
})
afterAll(() => door.close())

async function nothingIsLeft(): Promise<void> {
  await eventually(() => door.sources.size === 0, `${door.sources.size} sources are left`)
  await eventually(async () => (await door.running()) === 0, 'subscriptions are left in the metric')
}

test('a thousand subscriptions that are completed at any moment leave none running', async () => {
  await using client = await Client.acknowledged(door.url)
  for (let i = 0; i < 1_000; i++) {
    client.subscribe(String(i), TICK)
    if (i % 3 === 0) await delay(i % 2)
    if (i % 5 === 0) door.tick(i)
    client.complete(String(i))
  }
  await client.settled()
  await nothingIsLeft()
  client.subscribe('last', TICK)
  await eventually(() => door.sources.size === 1, 'the socket does not serve any more')
  door.tick(1)
  await client.until('next', 'last')
})

test('sockets that are cut at any moment leave nothing running', async () => {
  for (let i = 0; i < 100; i++) {
    const client = await (i % 2 ? Client.acknowledged(door.url) : Client.open(door.url))
    if (!(i % 2)) client.send({ type: 'connection_init' })
    if (i % 2) {
      client.subscribe('1', TICK)
      client.subscribe('2', '{ held }')
    }
    if (i % 4 === 1) await delay(2)
    if (i % 3) client.socket.terminate()
    else client.socket.close()
  }
  door.release()
  await nothingIsLeft()
  await eventually(async () => (await door.metric('sockets')) === 0, 'sockets are left')
  expect(door.lines.filter(line => ['error', 'fatal'].includes(JSON.parse(line).level))).toEqual([])
})

test('an event for subscribers that leave while it is sent reaches those who stay', async () => {
  await using stays = await Client.acknowledged(door.url)
  stays.subscribe('1', TICK)
  const leaving = await Promise.all(Array.from({ length: 20 }, () => Client.acknowledged(door.url)))
  for (const client of leaving) client.subscribe('1', TICK)
  await eventually(() => door.sources.size === 21, 'not all of them run')
  for (let n = 0; n < 50; n++) {
    door.tick(n)
    if (n % 3 === 0) leaving.pop()?.socket.terminate()
    await delay(0)
  }
  await eventually(() => stays.of('1').length === 50, 'events are missing')
  expect(stays.of('1').map(({ payload }) => payload)).toEqual(
    Array.from({ length: 50 }, (_, n) => ({ data: { tick: { n } } }))
  )
  for (const client of leaving) client.socket.terminate()
  stays.complete('1')
  await nothingIsLeft()
})
