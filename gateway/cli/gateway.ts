import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { createLogger } from '../../platform/logger.ts'
import type { Config } from '../config.ts'
import { startGateway } from '../gateway.ts'
import { CommandError } from './command-error.ts'
import { runUntilStopped } from './run.ts'

interface Options {
  readonly supergraph: string
  readonly port?: string
  readonly host?: string
  readonly open?: boolean
}

/** `oaas gateway --supergraph FILE [--port N] [--host H] [--open]` */
export function gatewayCommand(config: Config): Command {
  return new Command('gateway')
    .description('run the router alone over any Federation 2 supergraph')
    .requiredOption('--supergraph <file>', 'the supergraph SDL; subgraphs are reached by its join__Graph URLs')
    .option('--port <number>', 'port to listen on', String(config.port))
    .option('--host <address>', 'address to listen on')
    .option('--open', 'no identity and no contracts; on the loopback address unless --host says otherwise')
    .action(async (options: Options) => {
      const open = options.open ?? false
      if (open && config.profile === 'production') throw new CommandError('--open is off in the production profile')
      const port = Number(options.port)
      if (!Number.isInteger(port) || port < 0 || port > 65535)
        throw new CommandError(`--port "${options.port}" is not a port number`)
      const supergraphSdl = await readFile(options.supergraph, 'utf8').catch(() => {
        throw new CommandError(`cannot read the supergraph file ${options.supergraph}`)
      })
      const logger = createLogger(config.logLevel)
      const host = options.host ?? (open ? '127.0.0.1' : config.host)
      const gateway = await startGateway({
        config: { ...config, port, host },
        logger,
        supergraphSdl,
        rooms: [],
        open,
        consoleDir: null
      })
      await runUntilStopped(gateway, logger, async () => console.log(`ready ${gateway.url}`))
    })
}
