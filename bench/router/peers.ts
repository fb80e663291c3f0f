import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { publishedSdl, SUBGRAPH_NAMES } from '../federation/schemas.ts'
import { say } from '../support/report.ts'
import { diskMb } from '../support/usage.ts'
import type { Contestant } from './contestant.ts'
import type { Site } from './site.ts'

const PEERS = resolve(import.meta.dirname, '..', 'peers')

/** Installs a peer from its lock file on first use; answers why it could not. */
function install(peer: string): string | undefined {
  const cwd = join(PEERS, peer)
  if (existsSync(join(cwd, 'node_modules', '.package-lock.json'))) return undefined
  say(`installing ${peer} into bench/peers/${peer}`)
  const { status, stderr } = spawnSync('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd
  })
  return status === 0 ? undefined : `npm install failed in bench/peers/${peer}: ${stderr.toString().trim().slice(-300)}`
}

/** The other routers, each as its own documents and the public benchmark run it, deduplication off but where named. */
export function peers(site: Site, wanted: (key: string) => boolean): readonly Contestant[] {
  const made = [
    apollo(site),
    ...hive(site, 'hive', 'Hive Gateway', '--jit'),
    ...hive(site, 'hive_rust', 'Hive Gateway, Rust planner', '--hive-router-runtime'),
    mercurius(site),
    grafbase(site)
  ].filter(({ key }) => wanted(key))
  return made.map(({ peer, ...contestant }) => {
    const absent = install(peer)
    const installMb = () => diskMb(join(PEERS, peer, 'node_modules'))
    return { ...contestant, general: true, installMb, ...(absent !== undefined && { absent }) }
  })
}

type Peer = Pick<Contestant, 'key' | 'label' | 'command'> & { readonly peer: string }

function apollo({ nodeFlags, supergraphFile, dir }: Site): Peer {
  const script = join(PEERS, 'apollo', 'serve.js')
  return {
    peer: 'apollo',
    key: 'apollo',
    label: 'Apollo Server + Gateway',
    command: port => ({
      command: process.execPath,
      args: [...nodeFlags, script, supergraphFile, String(port)],
      cwd: dir
    })
  }
}

function hive({ nodeFlags, supergraphFile }: Site, key: string, label: string, flag: string): readonly Peer[] {
  const cwd = join(PEERS, 'hive')
  const bin = join(cwd, 'node_modules', '@graphql-hive', 'gateway', 'dist', 'bin.js')
  const command = (dedupe: string) => (port: number) => ({
    command: process.execPath,
    args: [
      ...[...nodeFlags, bin, 'supergraph', supergraphFile, '--config-path', join(cwd, 'config.js')],
      ...['--host', '127.0.0.1', '--port', String(port), '--fork', '1', flag]
    ],
    env: { BENCH_DEDUPE: dedupe },
    cwd
  })
  return [
    { peer: 'hive', key, label, command: command('off') },
    { peer: 'hive', key: `${key}_dedupe`, label: `${label}, deduplicating`, command: command('on') }
  ]
}

function mercurius({ nodeFlags, subgraphs: { origin }, dir }: Site): Peer {
  const script = join(PEERS, 'mercurius', 'serve.js')
  const services = SUBGRAPH_NAMES.map(name => `${name}=${origin}/${name}`)
  return {
    peer: 'mercurius',
    key: 'mercurius',
    label: 'Mercurius',
    command: port => ({ command: process.execPath, args: [...nodeFlags, script, String(port), ...services], cwd: dir })
  }
}

/** The npm package holds the command line alone; its `dev` serves with the gateway's own engine, over local SDL files. */
function grafbase({ subgraphs: { origin }, dir }: Site): Peer {
  const home = join(dir, 'grafbase')
  const triple = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-${process.platform === 'darwin' ? 'apple-darwin' : 'unknown-linux-musl'}`
  const config = join(home, 'gateway.toml')
  const graph = join(home, 'graph.toml')
  mkdirSync(home, { recursive: true })
  const entries = SUBGRAPH_NAMES.map(name => {
    const file = join(home, `${name}.graphql`)
    writeFileSync(file, publishedSdl(name))
    return `[subgraphs.${name}]\nurl = "${origin}/${name}"\nschema_path = "${file}"\n`
  })
  writeFileSync(graph, entries.join('\n'))
  writeFileSync(config, '')
  return {
    peer: 'grafbase',
    key: 'grafbase',
    label: 'Grafbase (Rust, 0.80)',
    command: port => ({
      command: join(PEERS, 'grafbase', 'node_modules', '@grafbase', `cli-${triple}`, 'grafbase'),
      args: ['dev', '-c', config, '-o', graph, '-p', String(port)],
      env: { HOME: home },
      cwd: home
    })
  }
}
