import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { invariant } from './errors.ts'

const NAME = 'oaas-gateway'

/** The package's directory: where policies/, schema/ and console/ are, whether this runs from source or from dist. */
export const packageRoot: string = find(dirname(fileURLToPath(import.meta.url)))

/** The version in package.json. */
export const packageVersion: string = manifest(packageRoot)?.version ?? '0.0.0'

function find(start: string): string {
  let directory = start
  while (manifest(directory)?.name !== NAME) {
    const parent = dirname(directory)
    invariant(parent !== directory, `no package.json named ${NAME} above ${start}`)
    directory = parent
  }
  return directory
}

function manifest(directory: string): { name?: string; version?: string } | null {
  const file = join(directory, 'package.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }) : null
}
