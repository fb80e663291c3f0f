import { setTimeout as delay } from 'node:timers/promises'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { type Authenticated, authenticator, openDoor } from '../../gateway/identity/authenticate.ts'
import { foreignConsumer } from '../../gateway/identity/consumer.ts'
import { ASYMMETRIC } from '../../gateway/identity/jwt.ts'
import { remoteKeys } from '../../gateway/identity/remote-keys.ts'
import { createTokens, type TokensOptions } from '../../gateway/identity/tokens.ts'
import { openViews, type Views } from '../../gateway/identity/views.ts'
import { DEFAULT_SETTINGS } from '../../gateway/settings.ts'
import { Fault } from '../../platform/errors.ts'
import { composed } from '../support/federation.ts'
import { AUDIENCE, type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts'

const { stranger: everything } = openViews(composed({ a: { sdl: 'type Query { a: Int }' } }), null)
const MEMBERS: Views = { view: () => everything, stranger: null }

let provider: IdentityProvider

beforeAll(async () => {
  provider = await startIdentityProvider()
})

afterAll(() => provider[Symbol.asyncDispose]())

/** The door of a router that trusts the provider. */
function door(
  options: Partial<Pick<TokensOptions, 'now'>> & {
    of?: IdentityProvider
    refreshMs?: number
    views?: () => Views
    operatorScope?: string
  } = {}
) {
  const { of = provider, refreshMs = 60_000, views = () => MEMBERS, now } = options
  const authorization = { ...DEFAULT_SETTINGS.authorization, operatorScope: options.operatorScope ?? null }
  const keys = remoteKeys({ url: of.env.JWKS_URL, refreshMs })
  const rules = { keys, issuer: of.issuer, audience: AUDIENCE, algorithms: ASYMMETRIC }
  const tokens = createTokens({ rules: new Map([[of.issuer, rules]]), ...(now && { now }) })
  const authenticate = authenticator({ tokens, consumer: foreignConsumer(authorization), views })
  return {
    authenticate,
    enter: async (token: string) => authenticate(`Bearer ${token}`),
    [Symbol.asyncDispose]: () => tokens[Symbol.asyncDispose]()
  }
}

/** The code of the refusal, or who got in. */
async function outcome(authenticated: () => Authenticated | Promise<Authenticated>): Promise<string> {
  try {
    return (await authenticated()).consumer.id
  } catch (error) {
    return error instanceof Fault ? error.code : String(error)
  }
}

const soon = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

describe('over a graph without a directory', () => {
  test('every subject is a developer', async () => {
    await using router = door()
    expect((await router.enter(await provider.token({ scope: 'oaas:operator' }))).consumer.kind).toBe('developer')
  })

  test.each([
    ['the scope among others', { scope: 'a oaas:operator b' }, 'operator'],
    ['no such scope', { scope: 'a oaas:operators' }, 'developer'],
    ['no scope', {}, 'developer']
  ])('who has the scope that the settings name is an operator: %s', async (_, claims, kind) => {
    await using router = door({ operatorScope: 'oaas:operator' })
    expect((await router.enter(await provider.token(claims))).consumer.kind).toBe(kind)
  })
})

describe('a bearer token', () => {
  test.each<[string, () => Promise<string>]>([
    ['its elliptic key', () => provider.token()],
    ['its RSA key', () => provider.token({}, { alg: 'RS256' })],
    ['an audience among others', () => provider.token({ aud: ['other', AUDIENCE] })]
  ])('lets its subject in: %s', async (_, token) => {
    await using router = door()
    expect(await outcome(async () => router.enter(await token()))).toBe('ada')
  })

  test('says which consumer calls, with its claims, until it expires', async () => {
    await using router = door()
    const token = await provider.token({ sub: 'grace', claims: { team: 'a', number: 1 }, exp: soon(100) })
    const { consumer, expiresAt } = await router.enter(token)
    expect(consumer).toEqual({
      id: 'grace',
      kind: 'developer',
      party: 'foreign',
      company: 'foreign',
      claims: { team: 'a' }
    })
    expect(Math.abs(expiresAt - Date.now() - 100_000)).toBeLessThan(60_000)
    expect(Object.getPrototypeOf(consumer.claims)).toBeNull()
  })

  const claims = () => ({ sub: 'ada', iss: provider.issuer, aud: AUDIENCE, exp: soon(600) })
  test.each<[string, () => Promise<string>]>([
    ['no signature', async () => new UnsecuredJWT(claims()).encode()],
    ['no algorithm, and some signature', async () => `${new UnsecuredJWT(claims()).encode()}AAAA`],
    [
      'an HMAC with the public key for its secret',
      () =>
        new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'RS256' }).sign(Buffer.from(provider.publicPem))
    ],
    [
      'the signature of another key under a known name',
      async () => {
        const { privateKey } = await generateKeyPair('ES256')
        return new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: 'ES256' }).sign(privateKey)
      }
    ],
    [
      'a changed payload',
      async () => {
        const [head, , signature] = (await provider.token()).split('.')
        return [head, Buffer.from(JSON.stringify({ ...claims(), sub: 'eve' })).toString('base64url'), signature].join(
          '.'
        )
      }
    ],
    ['another audience', () => provider.token({ aud: 'elsewhere' })],
    ['another issuer', () => provider.token({ iss: 'https://elsewhere.example' })],
    ['no issuer', () => provider.token({ iss: undefined })],
    ['no audience', () => provider.token({ aud: undefined })],
    ['no end', () => provider.token({ exp: undefined })],
    ['an end in words', () => provider.token({ exp: 'never' })],
    ['an end in the past', () => provider.token({ exp: soon(-120) })],
    ['a beginning in the future', () => provider.token({ nbf: soon(600) })],
    ['no subject', () => provider.token({ sub: undefined })],
    ['an unknown key', () => provider.token({}, { kid: 'unknown' })],
    ['a path for a key', () => provider.token({}, { kid: '../../../../dev/null' })],
    ['SQL for a key', () => provider.token({}, { kid: "x' UNION SELECT 'k" })],
    ['a length of megabytes', () => provider.token({ pad: 'x'.repeat(2_000_000) })]
  ])('is refused with %s', async (_, token) => {
    await using router = door()
    expect(await outcome(async () => router.enter(await token()))).toBe('UNAUTHENTICATED')
  })

  test('is refused in the same words, whatever was wrong with it', async () => {
    await using router = door()
    const words = async (token: string) => router.enter(token).then(String, (fault: Fault) => fault.message)
    const expired = await words(await provider.token({ exp: soon(-120) }))
    expect(await words(await provider.token({ aud: 'elsewhere' }))).toBe(expired)
    expect(await words(await provider.token({}, { kid: 'unknown' }))).toBe(expired)
    expect(expired).toMatch(/^The bearer token is not valid/)
  })

  test('is refused when its key is there for encryption', async () => {
    await using other = await startIdentityProvider()
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    other.keys.push({ ...(await exportJWK(publicKey)), kid: 'enc', use: 'enc' })
    await using router = door({ of: other })
    const token = new SignJWT({ ...claims(), iss: other.issuer }).setProtectedHeader({ alg: 'ES256', kid: 'enc' })
    expect(await outcome(async () => router.enter(await token.sign(privateKey)))).toBe('UNAUTHENTICATED')
  })
})

describe('an Authorization header', () => {
  test('names its scheme in any case', async () => {
    await using router = door()
    const token = await provider.token()
    expect(await outcome(() => router.authenticate(`bearer ${token}`))).toBe('ada')
    expect(await outcome(() => router.authenticate(`BEARER  ${token}`))).toBe('ada')
  })

  test.each(['', ' ', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a.b', 'Bearer a.b.c.d', 'Bearer a.b.c, Bearer d.e.f'])(
    'is refused when it is %j, also where callers may come without one',
    async header => {
      await using router = door({ views: () => ({ view: () => everything, stranger: everything }) })
      expect(await outcome(() => router.authenticate(header))).toBe('UNAUTHENTICATED')
    }
  )

  test('that is not valid is refused where callers may come without one', async () => {
    await using router = door({ views: () => ({ view: () => everything, stranger: everything }) })
    const expired = await provider.token({ exp: soon(-120) })
    expect(await outcome(() => router.enter(expired))).toBe('UNAUTHENTICATED')
    expect(await outcome(() => router.authenticate(undefined))).toBe('anonymous')
  })

  test('is needed where nobody may come without one', async () => {
    await using router = door()
    expect(await outcome(() => router.authenticate(undefined))).toBe('UNAUTHENTICATED')
  })

  test('means nothing with --open', () => {
    const authenticate = openDoor(() => ({ view: () => everything, stranger: everything }))
    expect(authenticate('Bearer nonsense')).toMatchObject({ consumer: { id: 'open' } })
  })

  test('of a caller to whom nothing is granted is forbidden', async () => {
    await using router = door({ views: () => ({ view: () => null, stranger: null }) })
    const token = await provider.token()
    expect(await outcome(() => router.enter(token))).toBe('FORBIDDEN')
  })
})

describe('a token that was verified a moment ago', () => {
  test('is known at once', async () => {
    await using router = await warmDoor()
    const header = `Bearer ${await provider.token()}`
    expect(router.authenticate(header)).toBeInstanceOf(Promise)
    await router.authenticate(header)
    expect(router.authenticate(header)).toMatchObject({ consumer: { id: 'ada' } })
  })

  test('is verified again after a minute, and once it has expired', async () => {
    let now = Date.now()
    await using router = await warmDoor({ now: () => now })
    const long = `Bearer ${await provider.token()}`
    const short = `Bearer ${await provider.token({ sub: 'short', exp: soon(20) })}`
    await router.authenticate(long)
    await router.authenticate(short)
    now += 21_000
    expect(router.authenticate(long)).not.toBeInstanceOf(Promise)
    const expired = router.authenticate(short)
    expect(expired).toBeInstanceOf(Promise)
    now += 40_000
    const again = router.authenticate(long)
    expect(again).toBeInstanceOf(Promise)
    await Promise.all([again, expired])
  })

  test('is refused once its key is withdrawn', async () => {
    await using other = await startIdentityProvider()
    await using router = door({ of: other, refreshMs: 20 })
    const header = `Bearer ${await other.token()}`
    expect(await outcome(() => router.authenticate(header))).toBe('ada')
    const index = other.keys.findIndex(key => key.kid === 'ES256')
    other.keys.splice(index, 1)
    await fetchedAgain(other)
    await becomes('UNAUTHENTICATED', () => outcome(() => router.authenticate(header)))
    expect(await outcome(async () => router.enter(await other.token({}, { alg: 'RS256' })))).toBe('ada')
  })

  test('sees what is granted at this moment', async () => {
    let views: Views = MEMBERS
    await using router = door({ views: () => views })
    const header = `Bearer ${await provider.token()}`
    const before = await router.authenticate(header)
    views = { view: () => null, stranger: null }
    expect(before.current()).toBeNull()
    expect(await outcome(() => router.authenticate(header))).toBe('FORBIDDEN')
  })
})

describe('the identity provider', () => {
  test('is not asked again for each unknown key, and known tokens get in meanwhile', async () => {
    await using other = await startIdentityProvider()
    await using router = door({ of: other })
    const token = await other.token()
    expect(await outcome(() => router.enter(token))).toBe('ada')
    const flood = Array.from({ length: 1000 }, (_, i) => other.token({}, { kid: `made-up-${i}` }))
    const outcomes = await Promise.all(flood.map(made => outcome(async () => router.enter(await made))))
    expect(new Set(outcomes)).toEqual(new Set(['UNAUTHENTICATED']))
    await becomes('grace', () => outcome(async () => router.enter(await other.token({ sub: 'grace' }))))
    expect(other.fetches()).toBe(1)
  })

  test('is not asked again for each token while it fails', async () => {
    await using other = await startIdentityProvider()
    other.down = true
    await using router = door({ of: other })
    for (let i = 0; i < 100; i++) {
      const token = await other.token({ sub: `s${i}` })
      const refused = await router.enter(token).then(String, (fault: Fault) => fault)
      expect(refused).toMatchObject({
        code: 'IDENTITY_UNAVAILABLE',
        message: expect.stringMatching(/cannot be reached/)
      })
    }
    expect(other.fetches()).toBe(1)
  })

  test('may fail for a while: the keys that are known stay good', async () => {
    await using other = await startIdentityProvider()
    await using router = door({ of: other, refreshMs: 20 })
    expect(await outcome(async () => router.enter(await other.token()))).toBe('ada')
    other.down = true
    await fetchedAgain(other, 1)
    expect(await outcome(async () => router.enter(await other.token({ sub: 'grace' })))).toBe('grace')
  })

  test('brings new keys without a restart', async () => {
    await using other = await startIdentityProvider()
    await using router = door({ of: other, refreshMs: 20 })
    expect(await outcome(async () => router.enter(await other.token()))).toBe('ada')
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    other.keys.push({ ...(await exportJWK(publicKey)), kid: 'next', use: 'sig' })
    await fetchedAgain(other)
    const token = new SignJWT({ sub: 'next', iss: other.issuer, aud: AUDIENCE, exp: soon(600) })
    const signed = await token.setProtectedHeader({ alg: 'ES256', kid: 'next' }).sign(privateKey)
    await becomes('next', () => outcome(() => router.enter(signed)))
  })
})

/** A door that has its keys: what was verified while they came is verified once more. */
async function warmDoor(options: Parameters<typeof door>[0] = {}) {
  const router = door(options)
  await router.enter(await provider.token({ sub: 'first' }))
  return router
}

/** Waits until the key set has been fetched afresh: the fetch that was on its way may still bring the old one. */
async function fetchedAgain({ fetches }: IdentityProvider, times = 3): Promise<void> {
  const wanted = fetches() + times
  while (fetches() < wanted) await delay(5)
}

/** The provider has answered before the router has read its answer. */
async function becomes(expected: string, look: () => Promise<string>): Promise<void> {
  while ((await look()) !== expected) await new Promise(resolve => setTimeout(resolve, 10))
}
