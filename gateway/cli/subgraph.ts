import { Command } from 'commander'
import { createLogger } from '../../platform/logger.ts'
import { Opened } from '../../platform/opened.ts'
import { httpRouterClient } from '../../platform/router-client/http.ts'
import { startSubgraphServer } from '../../platform/subgraph/server.ts'
import { openLog, startRoom } from '../company.ts'
import type { Config } from '../config.ts'
import { roomToken } from '../identity/room-token.ts'
import { isRoomName, ROOM_NAMES, ROOM_PORTS } from '../rooms.ts'
import { loadSecrets } from '../secrets.ts'
import { CommandError } from './command-error.ts'
import { runUntilStopped } from './run.ts'

/** `oaas subgraph NAME [--port N]`: one room over HTTP, answering signed requests of the router alone. */
export function subgraphCommand(config: Config): Command {
  return new Command('subgraph')
    .description('run one subgraph over HTTP (Apollo Server)')
    .argument('<name>', ROOM_NAMES.join(', '))
    .option('--port <number>', 'port to listen on')
    .action(async (name: string, options: { port?: string }) => {
      if (!isRoomName(name))
        throw new CommandError(`there is no subgraph "${name}": use one of ${ROOM_NAMES.join(', ')}`)
      const port = options.port === undefined ? ROOM_PORTS[name] : Number(options.port)
      if (!Number.isInteger(port) || port < 0 || port > 65535)
        throw new CommandError(`--port "${options.port}" is not a port number`)
      const logger = createLogger(config.logLevel)
      const secrets = await loadSecrets(config)
      const opened = new Opened()
      await runUntilStopped(opened, logger, async () => {
        const log = await openLog(config, opened)
        const router = opened.use(
          httpRouterClient({ url: config.routerUrl, token: () => roomToken(name, secrets.room) })
        )
        const subgraph = opened.use(await startRoom(name, { config, log, logger, router }))
        const server = opened.use(
          await startSubgraphServer({ subgraph, secret: secrets.subgraph, host: config.host, port, logger })
        )
        console.log(`ready ${server.url}`)
      })
    })
}
