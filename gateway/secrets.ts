import { hkdfSync, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from './config.ts'

/** Keys derived from one secret, one for each use, so that none can stand in for another. */
export interface Secrets {
  /** Encrypts cursors. */
  readonly cursor: Buffer
  /** Signs requests from the router to subgraphs. */
  readonly subgraph: string
  /** Signs the tokens by which rooms call the router. */
  readonly room: Buffer
}

/** The configured secret's keys; in development a secret is made once and kept in the data directory. Throws ConfigError. */
export async function loadSecrets(config: Pick<Config, 'profile' | 'secret' | 'dataDir'>): Promise<Secrets> {
  if (config.secret === null && config.profile === 'production')
    throw new ConfigError('production needs OAAS_SECRET (at least 32 characters, the same in every process)')
  const secret =
    config.secret ?? (await keepInFile(join(config.dataDir, 'secret'), () => randomBytes(32).toString('base64url')))
  const key = (use: string) => Buffer.from(hkdfSync('sha256', secret, 'oaas-gateway', use, 32))
  return { cursor: key('cursor'), subgraph: key('subgraph').toString('base64url'), room: key('room') }
}

/** Reads a file, or writes it first when it is missing; two processes that start at once end up with the same text. */
export async function keepInFile(path: string, make: () => string | Promise<string>): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  await mkdir(join(path, '..'), { recursive: true })
  try {
    await writeFile(path, await make(), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFile(path, 'utf8')
}
