#!/usr/bin/env node
import { Command } from 'commander'
import { packageVersion } from '../platform/root.ts'
import { CommandError } from './cli/command-error.ts'
import { listenError } from './cli/listen-error.ts'
import { ConfigError, readConfig } from './config.ts'

/** The `oaas` command. */
async function main(): Promise<void> {
  const config = readConfig()
  const program = new Command('oaas')
    .description('Order-as-a-service behind one GraphQL door')
    .version(packageVersion)
    .showHelpAfterError('(run with --help for what it takes)')
  const { commands } = await import('./cli/commands.ts')
  for (const command of await commands(config, process.argv[2])) program.addCommand(command)
  await program.parseAsync()
}

try {
  await main()
} catch (error) {
  const known = error instanceof CommandError || error instanceof ConfigError ? error.message : listenError(error)
  // A known failure is one line that a person can act on; anything else is a bug and needs its stack.
  console.error(known === null ? error : `oaas: ${known.replaceAll('\n', '\n      ')}`)
  process.exitCode = 1
}
