import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { packageRoot } from '../../platform/root.ts'
import { breakingChanges, compose, SUPERGRAPH_FILE } from '../compose.ts'
import { CommandError } from './command-error.ts'

/** `oaas compose [--check]` */
export function composeCommand(): Command {
  return new Command('compose')
    .description('compose the subgraphs’ SDL into schema/')
    .option('--check', 'write nothing; fail on drift and on breaking changes')
    .action(async ({ check }: { check?: boolean }) => {
      const files = await compose()
      const directory = join(packageRoot, 'schema')
      if (check) return await checkFiles(directory, files)
      await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(directory, name), text)))
      console.error(`wrote ${Object.keys(files).length} files to schema/`)
    })
}

async function checkFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  const committed = await readFile(join(directory, SUPERGRAPH_FILE), 'utf8')
  const breaking = breakingChanges(committed, files[SUPERGRAPH_FILE] ?? '')
  if (breaking.length) throw new CommandError(`breaking changes: ${breaking.join('; ')}`)
  for (const [name, text] of Object.entries(files)) {
    const onDisk = await readFile(join(directory, name), 'utf8').catch(() => '')
    if (onDisk !== text)
      throw new CommandError(`schema/${name} is not what the subgraphs compose to: run npm run generate`)
  }
  console.error('schema/ is fresh')
}
