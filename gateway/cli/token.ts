import { Command } from 'commander'
import type { Config } from '../config.ts'
import { openDevelopmentIssuer } from '../identity/development-issuer.ts'
import { loadDirectory } from '../policies-files.ts'
import { CommandError } from './command-error.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** `oaas token CONSUMER [--ttl 1h] [--claim k=v]` and `oaas token --person NAME` */
export function tokenCommand(config: Config): Command {
  return new Command('token')
    .description('print a bearer token of the development issuer')
    .argument('[consumer]', 'who the token stands for, for example sales or acme-bearings')
    .option('--person <name>', 'a person who signs contracts, instead of a consumer')
    .option('--ttl <time>', 'how long it is valid: 90s, 15m, 1h, 30d', '1h')
    .option('--claim <key=value...>', 'a claim that overrides the consumer’s own')
    .action(async (consumer: string | undefined, options: { person?: string; ttl: string; claim?: string[] }) => {
      if (config.profile === 'production')
        throw new CommandError(
          'the development issuer is off in the production profile: get a token from your identity provider'
        )
      if (config.jwt)
        throw new CommandError(
          'JWKS_URL is set, so the router trusts that provider and not the development issuer: get a token there'
        )
      const directory = await loadDirectory()
      const subject = options.person ?? consumer
      if (!subject) throw new CommandError('name a consumer, or a person with --person')
      const known = options.person ? directory.people.map(p => p.id) : directory.consumers.map(c => c.id)
      if (!known.includes(subject)) throw new CommandError(`"${subject}" is not known: use one of ${known.join(', ')}`)
      const issuer = await openDevelopmentIssuer(config.dataDir)
      console.log(await issuer.token(subject, seconds(options.ttl), claims(options.claim ?? [])))
    })
}

function seconds(text: string): number {
  const match = /^(\d+)([smhd])$/.exec(text)
  const value = match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0) : 0
  if (value < 1) throw new CommandError(`--ttl "${text}" is not a time: use for example 90s, 15m, 1h or 30d`)
  return value
}

function claims(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map(pair => {
      const at = pair.indexOf('=')
      if (at < 1) throw new CommandError(`--claim "${pair}" is not key=value`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    })
  )
}
