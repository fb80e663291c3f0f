import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { productionMb } from '../support/install-size.ts'
import type { Command } from '../support/process.ts'
import { say } from '../support/report.ts'
import { type Contestant, startContestant } from './contestant.ts'
import { GATEWAY_CORE, type Site } from './site.ts'

const PUBLISHED = ['dist', 'policies', 'schema', 'console/dist', 'docs']

interface Mode {
  /** Without identity. */
  readonly open: boolean
  /** A settings file. */
  readonly config: string | null
}

/** What our router is started from. */
export type OursSite = Pick<Site, 'root' | 'nodeFlags' | 'dir' | 'supergraphFile' | 'identity'>

/** The command of our router over the site's supergraph. */
export function oursCommand(site: OursSite, { open, config }: Mode): (port: number) => Omit<Command, 'core'> {
  const options = [...(open ? ['--open'] : []), ...(config ? ['--config', config] : [])]
  const main = join(site.root, 'dist', 'gateway', 'main.js')
  return port => ({
    command: process.execPath,
    args: [...site.nodeFlags, main, 'gateway', '--supergraph', site.supergraphFile, '--port', String(port), ...options],
    env: { DATA_DIR: join(site.dir, `data-${port}`), HOST: '127.0.0.1', ...(open ? {} : site.identity.env) },
    cwd: site.dir
  })
}

/** Whether this build of `oaas gateway` takes an option. */
function gatewayTakes({ root }: Site, option: string): boolean {
  const main = join(root, 'dist', 'gateway', 'main.js')
  return spawnSync(process.execPath, [main, 'gateway', '--help']).stdout.toString().includes(option)
}

/** Writes a settings file; null when the router takes none. */
export function settingsFile(site: Site, name: string, yaml: string): string | null {
  if (!gatewayTakes(site, '--config')) return null
  const file = join(site.dir, `${name}.yaml`)
  writeFileSync(file, yaml)
  return file
}

const dedupeYaml = (on: boolean) => `dedupe: ${on}\nsubgraphs:\n  '*':\n    dedupe: ${on}\n`

/** Ours as in production, with its tokens checked; said aloud and without identity where that does not run. */
export async function ours(site: Site): Promise<readonly Contestant[]> {
  const [off, on] = [settingsFile(site, 'alone', dedupeYaml(false)), settingsFile(site, 'dedupe', dedupeYaml(true))]
  const open = await isOpen(site, off)
  const made = (key: string, label: string, config: string | null): Contestant => ({
    key,
    label: open ? `${label} (no identity)` : label,
    command: oursCommand(site, { open, config }),
    general: true,
    installMb: () => productionMb(site.root, PUBLISHED)
  })
  return [
    made('ours', 'ours', off),
    {
      ...made('ours_dedupe', 'ours, deduplicating', on),
      ...(on === null && { absent: '`oaas gateway` takes no --config' })
    },
    inApollo(site)
  ]
}

async function isOpen(site: Site, config: string | null): Promise<boolean> {
  const given = { core: GATEWAY_CORE, headers: site.headers, operation: site.deep }
  const contestant = { key: 'ours', label: 'ours', general: true }
  try {
    const command = oursCommand(site, { open: false, config })
    await using _ = await startContestant({ ...contestant, command }, given)
    return false
  } catch (error) {
    say(`ours runs without identity: ${error instanceof Error ? error.message : error}`)
    return true
  }
}

/** Ours in place of Apollo's gateway, inside Apollo Server. */
function inApollo({ root, nodeFlags, supergraphFile, dir }: Site): Contestant {
  const folder = join(root, 'dist', 'gateway', 'apollo')
  const module = (existsSync(folder) ? readdirSync(folder) : [])
    .filter(name => name.endsWith('.js'))
    .find(name => /export (async )?function oaasGateway\b/.test(readFileSync(join(folder, name), 'utf8')))
  const script = join(import.meta.dirname, 'apollo-server.ts')
  return {
    key: 'ours_in_apollo',
    label: 'ours inside Apollo Server',
    command: port => ({
      command: process.execPath,
      args: [...nodeFlags, '--import', 'tsx', script, join(folder, module ?? ''), supergraphFile, String(port)],
      cwd: join(import.meta.dirname, '..', '..'),
      env: { DATA_DIR: dir }
    }),
    general: true,
    ...(module === undefined && { absent: 'no module of gateway/apollo exports oaasGateway' })
  }
}
