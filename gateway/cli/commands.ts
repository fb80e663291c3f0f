import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { composeCommand } from './compose.ts'
import { contractsCommand } from './contracts.ts'
import { gatewayCommand } from './gateway.ts'
import { importCommand } from './import.ts'
import { intentsCommand } from './intents.ts'
import { startCommand } from './start.ts'
import { startRoomsForImport } from './start-rooms.ts'
import { subgraphCommand } from './subgraph.ts'
import { tokenCommand } from './token.ts'

/** Every command of `oaas`, one file each. */
export function commands(config: Config): readonly Command[] {
  return [
    startCommand(config),
    gatewayCommand(config),
    subgraphCommand(config),
    composeCommand(),
    tokenCommand(config),
    contractsCommand(config.zone),
    intentsCommand(),
    importCommand(() => startRoomsForImport(config), config.dataDir)
  ]
}
