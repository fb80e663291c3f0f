import { ConfigError, readConfig } from '../../gateway/config.ts'
import { loadSecrets } from '../../gateway/secrets.ts'

const PROVIDER = { JWKS_URL: 'https://id.example/keys', JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'oaas' }
const SECRET = { OAAS_SECRET: 'x'.repeat(32) }

describe('configuration', () => {
  test('starts with no variable at all, on the loopback address', () => {
    expect(readConfig({})).toMatchObject({
      profile: 'development',
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: 'sqlite:',
      eventsUrl: 'database:',
      zone: 'Asia/Shanghai',
      demo: true
    })
  })

  test('cannot be changed after it was read', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true)
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['an unknown profile', { OAAS_PROFILE: 'prod' }, /OAAS_PROFILE/],
    ['a port that is none', { PORT: '70000' }, /PORT/],
    ['an unknown time zone', { COMPANY_ZONE: 'Mars/Olympus' }, /COMPANY_ZONE/],
    ['a database that is not supported', { DATABASE_URL: 'postgres://x' }, /DATABASE_URL/],
    ['half an identity provider', { JWKS_URL: PROVIDER.JWKS_URL }, /JWT_ISSUER/],
    ['production without an identity provider', { OAAS_PROFILE: 'production', ...SECRET }, /JWKS_URL/],
    ['production with a short secret', { OAAS_PROFILE: 'production', ...PROVIDER, OAAS_SECRET: 'short' }, /OAAS_SECRET/]
  ])('refuses %s, naming the variable', (_, env, named) => {
    expect(() => readConfig(env)).toThrow(ConfigError)
    expect(() => readConfig(env)).toThrow(named)
  })

  test('has no settings file unless one is named', () => {
    expect(readConfig({}).settingsFile).toBeNull()
    expect(readConfig({ ROUTER_CONFIG: 'router.yaml' }).settingsFile).toBe('router.yaml')
  })

  test('makes up no secret in production', async () => {
    const config = readConfig({ OAAS_PROFILE: 'production', ...PROVIDER })
    await expect(loadSecrets(config)).rejects.toThrow(/OAAS_SECRET/)
  })

  test('never loads demo data in production', () => {
    expect(readConfig({ OAAS_PROFILE: 'production', ...PROVIDER, ...SECRET }).demo).toBe(false)
  })
})
