import { setTimeout as delay } from 'node:timers/promises'
import type { Door } from '../../../gateway/serve/door.ts'
import { block, Client, eventually } from './client.ts'
import { startDoor, type TestDoor } from './door.ts'

const INIT = 'connection_init'

/** A door that keeps what it was asked to authenticate, and who then asked the engine. */
async function watched(transport: Parameters<typeof startDoor>[0] = {}) {
  const credentials: unknown[] = []
  const callers: Parameters<Door['engine']['execute']>[1][] = []
  const door = await startDoor({
    ...transport,
    change: door => ({
      ...door,
      authenticate: authorization => {
        credentials.push(authorization)
        return door.authenticate(authorization)
      },
      engine: {
        ...door.engine,
        execute: (prepared, caller, signal) => {
          callers.push(caller)
          return door.engine.execute(prepared, caller, signal)
        }
      }
    })
  })
  return Object.assign(door, { credentials, callers })
}

describe('a socket’s caller', () => {
  let door: Awaited<ReturnType<typeof watched>>
  beforeAll(async () => {
    door = await watched()
  })
  afterAll(() => door.close())
  beforeEach(() => {
    door.credentials.length = 0
    door.callers.length = 0
  })

  test('comes from the payload of init, in whatever case its key is written', async () => {
    for (const key of ['authorization', 'Authorization', 'AUTHORIZATION']) {
      await using client = await Client.acknowledged(door.url, { [key]: 'Bearer alice' })
      client.subscribe('1', '{ hello }')
      await client.until('complete', '1')
      expect(door.callers.at(-1)?.consumer.id).toBe('alice')
    }
  })

  test('comes from the upgrade request’s header, when the payload says nothing', async () => {
    await using client = await Client.acknowledged(door.url, {}, { headers: { authorization: 'Bearer alice' } })
    client.subscribe('1', '{ hello }')
    await client.until('complete', '1')
    expect(door.callers.at(-1)?.consumer.id).toBe('alice')
  })

  test('is the payload’s, when both name one', async () => {
    const headers = { authorization: 'Bearer bob', 'accept-language': 'en' }
    const payload = { authorization: 'Bearer alice', 'accept-language': 'zh-CN' }
    await using client = await Client.acknowledged(door.url, payload, { headers })
    client.subscribe('1', '{ hello }')
    await client.until('complete', '1')
    expect(door.callers.at(-1)).toMatchObject({ consumer: { id: 'alice' }, language: 'zh' })
    expect(door.credentials).toEqual(['Bearer alice'])
  })

  test('is nobody, when its credential is null', async () => {
    await using _ = await Client.acknowledged(door.url, { authorization: null })
    expect(door.credentials).toEqual([undefined])
  })

  test.each([
    ['no text', '{"authorization":{"toString":"x"}}'],
    ['a list', '{"authorization":["Bearer alice"]}'],
    ['a number', '{"authorization":1}'],
    ['more than one header', '{"authorization":"Bearer alice\\r\\nx-tenant: B"}'],
    ['outside of ASCII', '{"authorization":"Bearer älice"}'],
    ['there twice', '{"authorization":"Bearer alice","Authorization":"Bearer bob"}'],
    ['too long', JSON.stringify({ authorization: `Bearer ${'x'.repeat(20_000)}` })]
  ])('is refused, never anonymous, when its credential is %s', async (_, payload) => {
    await using client = await Client.open(door.url)
    client.send(`{"type":"connection_init","payload":${payload}}`)
    expect((await client.closed).code).toBe(4400)
    expect(door.credentials).toEqual([])
  })

  test('lends its headers to subgraphs as far as they are forwarded: those of the upgrade, under the words of init', async () => {
    await using forwarding = await startDoor({
      change: door => ({
        ...door,
        forwardHeaders: ['authorization', 'x-page', 'x-tenant'],
        engine: {
          ...door.engine,
          execute: (prepared, caller, signal) => {
            seen.push(caller.headers)
            return door.engine.execute(prepared, caller, signal)
          }
        }
      })
    })
    const seen: unknown[] = []
    const headers = { authorization: 'Bearer bob', 'x-page': '1' }
    const payload = { authorization: 'Bearer alice', 'x-tenant': 'B' }
    await using client = await Client.acknowledged(forwarding.url, payload, { headers })
    client.subscribe('1', '{ hello }')
    await client.until('complete', '1')
    expect(seen).toEqual([{ authorization: 'Bearer alice', 'x-page': '1' }])
  })

  test('is made of nothing else that the payload says', async () => {
    await using client = await Client.acknowledged(door.url, {
      authorization: 'Bearer alice',
      'x-tenant': 'CANARY-B',
      'x-internal-user': 'CANARY-admin',
      'x-forwarded-for': 'CANARY-address',
      consumer: { id: 'CANARY-consumer' },
      headers: { 'x-user': 'CANARY-user' },
      readAfter: 'CANARY-position',
      __proto__: { company: 'CANARY-company' }
    })
    client.subscribe('1', '{ hello }', {
      extensions: { jwt: { payload: { sub: 'CANARY-jwt' } }, consumer: 'CANARY-ext' }
    })
    await client.until('complete', '1')
    expect(JSON.stringify(door.callers)).not.toContain('CANARY')
    expect(door.lines.join()).not.toContain('CANARY')
  })

  test('stays the same for every operation: the credentials of somebody else close the socket', async () => {
    await using client = await Client.acknowledged(door.url, { authorization: 'Bearer alice' })
    client.subscribe('1', '{ hello }', { extensions: { headers: { Authorization: 'Bearer alice' } } })
    await client.until('complete', '1')
    client.subscribe('2', '{ hello }', { extensions: { headers: { Authorization: 'Bearer bob' } } })
    expect((await client.closed).code).toBe(4403)
    expect(client.of('2')).toEqual([])
    expect(door.callers.map(({ consumer }) => consumer.id)).toEqual(['alice'])
  })

  test('is asked for each operation what it may see now', async () => {
    await using revoking = await startDoor()
    await using client = await Client.acknowledged(revoking.url, { authorization: 'Bearer alice' })
    client.subscribe('1', '{ hello }')
    await client.until('complete', '1')
    client.subscribe('running', 'subscription { tick { n } }')
    await eventually(() => revoking.sources.size === 1, 'the subscription does not start')
    revoking.revoke()
    client.subscribe('2', '{ hello }')
    expect(await client.until('error', '2')).toMatchObject({ payload: [{ extensions: { code: 'FORBIDDEN' } }] })
    revoking.tick(1)
    expect(await client.until('error', 'running')).toMatchObject({
      payload: [{ extensions: { code: 'GRANT_WITHDRAWN' } }]
    })
    expect(client.of('running')).toHaveLength(1)
  })
})

describe('the end of a token', () => {
  test('closes the socket with 4403, and no event comes after it', async () => {
    await using door = await startDoor()
    await using client = await Client.acknowledged(door.url, { authorization: 'Bearer alice:1500' })
    client.subscribe('1', 'subscription { tick { n } }')
    await eventually(() => door.sources.size === 1, 'the subscription does not start')
    door.tick(1)
    await client.until('next', '1')
    expect(await client.closed).toEqual({ code: 4403, reason: expect.stringMatching(/expired/) })
    door.tick(2)
    expect(client.of('1')).toHaveLength(1)
    await eventually(async () => door.sources.size === 0 && (await door.running()) === 0, 'the source stays')
  })

  test('holds back what is ready in the moment in which the clock has passed it, though its timer is late', async () => {
    await using door = await startDoor()
    await using client = await Client.acknowledged(door.url, { authorization: 'Bearer alice:1000' })
    client.subscribe('1', 'subscription { tick { n } }')
    await eventually(() => door.sources.size === 1, 'the subscription does not start')
    door.tick(1)
    // The event is ready, and the process is busy until the token has run out.
    block(1_100)
    expect((await client.closed).code).toBe(4403)
    expect(client.of('1')).toEqual([])
  })

  test('a session that lasts too long is sent away to come back, whatever its token says', async () => {
    await using door: TestDoor = await startDoor({ transport: { sessionMaxMs: 100 } })
    for (const payload of [{ authorization: 'Bearer alice' }, {}]) {
      await using client = await Client.acknowledged(door.url, payload)
      const { code, reason } = await client.closed
      expect(code).toBe(1012)
      expect(JSON.parse(reason)).toEqual({ message: expect.any(String), retryAfterMs: expect.any(Number) })
    }
  })

  test('of a token that ends after longer than a timer can wait does not come at once', async () => {
    await using door = await startDoor({ transport: { sessionMaxMs: 10 ** 12 } })
    await using client = await Client.acknowledged(door.url, { authorization: `Bearer alice:${2 ** 32}` })
    await delay(20)
    client.subscribe('1', '{ hello }')
    await client.until('complete', '1')
  })
})

test('an init of somebody who leaves while it is looked at leaves nothing behind', async () => {
  let letIn: () => void = () => {}
  const looked = new Promise<void>(resolve => {
    letIn = resolve
  })
  await using door = await startDoor({
    change: door => ({
      ...door,
      authenticate: async authorization => {
        await looked
        return door.authenticate(authorization)
      }
    })
  })
  {
    await using client = await Client.open(door.url)
    client.send({ type: INIT, payload: { authorization: 'Bearer alice' } })
    await client.settled()
  }
  await eventually(async () => (await door.metric('sockets')) === 0, 'the socket stays')
  letIn()
  await delay(10)
  expect(door.lines.filter(line => JSON.parse(line).level === 'error')).toEqual([])
})
