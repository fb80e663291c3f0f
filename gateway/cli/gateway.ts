import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { createLogger } from '../../platform/logger.ts'
import type { Config } from '../config.ts'
import { startGateway } from '../gateway.ts'
import { CommandError } from './command-error.ts'
import { runUntilStopped } from './run.ts'
import { loadSettings } from './settings.ts'

interface Options {
  readonly supergraph: string
  readonly config?: string
  readonly port: string
  readonly host?: string
  readonly open?: boolean
}

/** `oaas gateway --supergraph FILE [--config FILE] [--port N] [--host H] [--open]` */
export function gatewayCommand(config: Config): Command {
  return new Command('gateway')
    .description('run the router alone over any Federation 2 supergraph')
    .requiredOption('--supergraph <file>', 'the supergraph SDL; served anew when the file changes, or on SIGHUP')
    .option('--config <file>', 'the settings file, YAML (or ROUTER_CONFIG)')
    .option('--port <number>', 'port to listen on (or PORT)', String(config.port))
    .option('--host <address>', 'address to listen on (or HOST)')
    .option('--open', 'no identity and no contracts; on the loopback address unless --host says otherwise')
    .addHelpText(
      'after',
      '\nWithout --open it takes bearer tokens of the identity provider that JWKS_URL, JWT_ISSUER and JWT_AUDIENCE name.'
    )
    .action(async (options: Options) => {
      const open = options.open ?? false
      if (open && config.profile === 'production') throw new CommandError('--open is off in the production profile')
      const port = Number(options.port)
      if (!/^\d+$/.test(options.port) || port > 65535)
        throw new CommandError(`--port "${options.port}" is not a port number`)
      const settings = await loadSettings(options.config ?? config.settingsFile)
      const supergraphSdl = await readFile(options.supergraph, 'utf8').catch(() => {
        throw new CommandError(`cannot read the supergraph file ${options.supergraph}`)
      })
      const logger = createLogger(config.logLevel)
      const host = options.host ?? (open ? '127.0.0.1' : config.host)
      const gateway = await startGateway({
        config: { ...config, port, host },
        settings,
        logger,
        supergraphSdl,
        supergraphFile: options.supergraph,
        rooms: [],
        open,
        consoleDir: null
      })
      await runUntilStopped(gateway, logger, async () => console.log(`ready ${gateway.url}`), {
        closeMs: settings.transport.drainNoticeMs + settings.transport.drainMs,
        hangup: gateway.reload
      })
    })
}
