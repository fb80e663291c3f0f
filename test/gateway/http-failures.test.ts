import { Fault } from '../../platform/errors.ts'
import { type HttpDoor, type HttpDoorOptions, startHttpDoor } from '../support/http-door.ts'

const CANARY = 'CANARY-10.0.0.7-password'
const broken = (): never => {
  throw new Error(CANARY)
}

/** A door one part of which is broken. */
function startBroken(door: HttpDoorOptions['door']): Promise<HttpDoor> {
  return startHttpDoor({ door: { ...door }, transport: { batch: 2 } })
}

const MASKED = {
  status: 500,
  body: {
    errors: [
      {
        message: expect.stringMatching(/our side/),
        extensions: { code: 'INTERNAL', id: expect.stringMatching(/^err_/) }
      }
    ]
  }
}

async function expectMasked({ lines }: HttpDoor, answer: { status: number; body: object }): Promise<void> {
  expect(answer).toMatchObject(MASKED)
  expect(JSON.stringify(answer.body)).not.toContain('CANARY')
  const { id } = (answer.body as typeof MASKED.body).errors[0]?.extensions ?? {}
  const logged = lines.filter(line => line.includes(String(id)))
  expect(logged).toHaveLength(1)
  expect(logged[0]).toContain(CANARY)
}

describe('what nobody expected', () => {
  test('is masked, with an id that is in the log: while it is found out who asks', async () => {
    await using door = await startBroken({ authenticate: broken })
    await expectMasked(door, await door.post({ query: '{ __typename }' }))
    await using later = await startBroken({ authenticate: () => Promise.reject(new Error(CANARY)) })
    await expectMasked(later, await later.post({ query: '{ __typename }' }))
  })

  test('while the request is prepared, and while it runs', async () => {
    await using good = await startHttpDoor()
    const { engine } = good.federation
    for (const part of [{ prepare: broken }, { execute: async () => broken() }, { execute: broken }]) {
      await using door = await startBroken({ engine: { ...engine, ...part } })
      await expectMasked(door, await door.post({ query: '{ __typename }' }))
      await expectMasked(door, await door.get({ query: '{ __typename }' }))
      await expectMasked(door, await door.post({ query: '{ __typename }' }, { accept: 'text/event-stream' }))
      const { status, body } = await door.post([{ query: '{ __typename }' }])
      const [entry] = body as unknown as (typeof MASKED.body)[]
      expect(status).toBe(200)
      await expectMasked(door, { status: 500, body: entry ?? {} })
    }
  })

  test('while something else is asked of the router', async () => {
    await using door = await startHttpDoor()
    door.door.metrics.registry.metrics = async () => broken()
    const response = await fetch(new URL('/metrics', door.url))
    await expectMasked(door, { status: response.status, body: (await response.json()) as object })
  })
})

describe('what is refused', () => {
  test('says what to authenticate with', async () => {
    await using door = await startBroken({
      authenticate: () => {
        throw new Fault('UNAUTHENTICATED', 'No token was sent.')
      }
    })
    const { status, headers, body } = await door.post({ query: '{ __typename }' })
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(body).toEqual({ errors: [{ message: 'No token was sent.', extensions: { code: 'UNAUTHENTICATED' } }] })
    expect(door.lines.map(line => JSON.parse(line).msg)).toEqual(['answered'])
  })

  test('is kept by no cache, and is no page', async () => {
    await using door = await startHttpDoor()
    for (const { headers } of [await door.post({ query: '{ me { id } }' }), await door.post('{'), await door.get({})]) {
      expect(headers.get('cache-control')).toBe('private, no-store')
      expect(headers.get('vary')).toBe('Accept, Authorization, Origin')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('is refused however the parameters of a GET are malformed, and others do not matter', async () => {
    await using door = await startHttpDoor()
    const codes = async (parameters: Record<string, string>) => {
      const { status, body } = await door.get(parameters)
      return [status, body.errors?.[0]?.extensions['code']]
    }
    expect(await codes({})).toEqual([400, 'BAD_REQUEST'])
    expect(await codes({ query: '{ me { id } }', variables: '{' })).toEqual([400, 'BAD_REQUEST'])
    expect(await codes({ query: '{ me { id } }', extensions: '[]' })).toEqual([400, 'BAD_REQUEST'])
    expect(await codes({ query: '{ me { id } }', variables: '', utm_source: 'x' })).toEqual([200, undefined])
  })
})

test('headers that subgraphs want reach them, and no others', async () => {
  await using door = await startHttpDoor({ door: { forwardHeaders: ['x-tenant', 'x-missing'] } })
  const seen: unknown[] = []
  door.federation.intercept = (_, { headers }) => {
    seen.push(headers)
    return undefined
  }
  await door.post({ query: '{ me { id } }' }, { 'X-Tenant': 'a', 'x-other': 'b' })
  expect(seen).toEqual([{ 'x-tenant': 'a' }])
})
