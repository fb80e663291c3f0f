import type { Command } from 'commander'
import type { Config } from '../config.ts'

/** Every command of `oaas`, one file each, loaded when it is made: most need none of the servers. */
const COMMANDS: Readonly<Record<string, (config: Config) => Promise<Command>>> = {
  start: async config => (await import('./start.ts')).startCommand(config),
  gateway: async config => (await import('./gateway.ts')).gatewayCommand(config),
  subgraph: async config => (await import('./subgraph.ts')).subgraphCommand(config),
  compose: async () => (await import('./compose.ts')).composeCommand(),
  token: async config => (await import('./token.ts')).tokenCommand(config),
  contracts: async config => (await import('./contracts.ts')).contractsCommand(config.zone),
  intents: async () => (await import('./intents.ts')).intentsCommand(),
  import: async config => {
    const { importCommand } = await import('./import.ts')
    const start = async () => (await import('./start-rooms.ts')).startRoomsForImport(config)
    return importCommand(start, config.dataDir)
  }
}

/** The command that `name` calls, alone; or all of them, when it calls none. */
export function commands(config: Config, name: string | undefined): Promise<readonly Command[]> {
  const called = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  return Promise.all((called ? [called] : Object.values(COMMANDS)).map(make => make(config)))
}
