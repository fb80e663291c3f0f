import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { createLogger } from '../../platform/logger.ts'
import { packageRoot } from '../../platform/root.ts'
import { SUPERGRAPH_FILE } from '../compose.ts'
import type { Config } from '../config.ts'
import { startGateway } from '../gateway.ts'
import { ROOM_NAMES } from '../rooms.ts'
import { loadDemo } from './demo.ts'
import { runUntilStopped } from './run.ts'
import { loadSettings } from './settings.ts'

/** `oaas start`: everything in one process. */
export function startCommand(config: Config): Command {
  return new Command('start')
    .description('run everything in one process: router, five subgraphs, console')
    .option('--config <file>', 'the settings file of the router, YAML (or ROUTER_CONFIG)')
    .action(async (options: { config?: string }) => {
      const settings = await loadSettings(options.config ?? config.settingsFile)
      const logger = createLogger(config.logLevel)
      const gateway = await startGateway({
        config,
        settings,
        logger,
        supergraphSdl: await readFile(join(packageRoot, 'schema', SUPERGRAPH_FILE), 'utf8'),
        rooms: ROOM_NAMES,
        open: false,
        consoleDir: join(packageRoot, 'console', 'dist')
      })
      const started = async () => {
        if (config.demo) await loadDemo(gateway, config)
        console.log(`ready ${gateway.url}`)
      }
      const { drainNoticeMs, drainMs } = settings.transport
      await runUntilStopped(gateway, logger, started, { closeMs: drainNoticeMs + drainMs })
    })
}
