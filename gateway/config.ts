import { resolve } from 'node:path'

/** Everything that the environment decides, read once and frozen. Zero variables must start. */
export interface Config {
  readonly profile: 'development' | 'production'
  readonly port: number
  readonly host: string
  readonly dataDir: string
  /** `sqlite:` or `mysql://user:pw@host:3306/prefix`. */
  readonly databaseUrl: string
  /** `database:` or, in a later version, `nats://host:4222`. */
  readonly eventsUrl: string
  /** The company's IANA zone: day masks, statistics, slots. */
  readonly zone: string
  /** The router's settings file; null = the defaults. */
  readonly settingsFile: string | null
  /** Root of all derived keys; null = made and kept in `dataDir` (development only). */
  readonly secret: string | null
  readonly jwt: { readonly jwksUrl: string; readonly issuer: string; readonly audience: string } | null
  readonly demo: boolean
  readonly logLevel: string
  /** Where a room that runs alone asks the router. */
  readonly routerUrl: string
  /** OTEL_EXPORTER_OTLP_ENDPOINT, or the one for traces alone, is set: spans are sent there. */
  readonly traces: boolean
  /** Browser origins besides the router's own that may call it. */
  readonly corsOrigins: readonly string[]
}

/** A setting that cannot work; its message says which and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the configuration; throws ConfigError naming the variable. */
export function readConfig(env: Environment = process.env): Config {
  const profile = env['OAAS_PROFILE'] || 'development'
  if (profile !== 'development' && profile !== 'production') {
    throw new ConfigError(`OAAS_PROFILE is "${profile}": use development or production`)
  }
  const port = Number(env['PORT'] || 4000)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new ConfigError(`PORT is "${env['PORT']}": use a number from 0 to 65535`)
  const config: Config = {
    profile,
    port,
    host: env['HOST'] || (profile === 'production' ? '0.0.0.0' : '127.0.0.1'),
    dataDir: resolve(env['DATA_DIR'] || './data'),
    databaseUrl: oneOf(env, 'DATABASE_URL', 'sqlite:', ['sqlite:', 'mysql://']),
    eventsUrl: oneOf(env, 'EVENTS_URL', 'database:', ['database:']),
    zone: zone(env['COMPANY_ZONE'] || 'Asia/Shanghai'),
    settingsFile: env['ROUTER_CONFIG'] || null,
    secret: env['OAAS_SECRET'] || null,
    jwt: jwt(env),
    demo: profile === 'development' && env['DEMO'] !== 'off',
    logLevel: logLevel(env['LOG_LEVEL'] || 'warn'),
    routerUrl: env['ROUTER_URL'] || `http://127.0.0.1:${port || 4000}/graphql`,
    traces: Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']),
    corsOrigins: (env['CORS_ORIGINS'] ?? '')
      .split(',')
      .map(o => o.trim())
      .filter(Boolean)
  }
  if (profile === 'production') refuseDevelopment(config)
  return Object.freeze(config)
}

function refuseDevelopment(config: Config): void {
  if (!config.jwt)
    throw new ConfigError('production needs an identity provider: set JWKS_URL, JWT_ISSUER and JWT_AUDIENCE')
  if (config.secret !== null && config.secret.length < 32)
    throw new ConfigError('OAAS_SECRET is too short: use at least 32 characters')
}

function jwt(env: Environment): Config['jwt'] {
  const [jwksUrl, issuer, audience] = [env['JWKS_URL'], env['JWT_ISSUER'], env['JWT_AUDIENCE']]
  if (!jwksUrl && !issuer && !audience) return null
  if (!jwksUrl || !issuer || !audience)
    throw new ConfigError('JWKS_URL, JWT_ISSUER and JWT_AUDIENCE go together: set all three or none')
  if (!URL.canParse(jwksUrl)) throw new ConfigError('JWKS_URL is not a URL')
  return { jwksUrl, issuer, audience }
}

function oneOf(env: Environment, name: string, fallback: string, schemes: readonly string[]): string {
  const value = env[name] || fallback
  if (!schemes.some(scheme => value.startsWith(scheme))) {
    throw new ConfigError(`${name} does not start with ${schemes.join(' or ')}`)
  }
  return value
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

function logLevel(name: string): string {
  if (LOG_LEVELS.includes(name)) return name
  throw new ConfigError(`LOG_LEVEL is "${name}": use one of ${LOG_LEVELS.join(', ')}`)
}

function zone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    throw new ConfigError(`COMPANY_ZONE "${name}" is not a time zone: use an IANA name such as Asia/Shanghai`)
  }
}
