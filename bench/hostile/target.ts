import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Pool } from 'undici'
import { Opened } from '../../platform/opened.ts'
import { type Contestant, type Started, startContestant } from '../router/contestant.ts'
import { type OursSite, oursCommand } from '../router/ours.ts'
import { GATEWAY_CORE, LOAD_CORE, NODE_FLAGS } from '../router/site.ts'
import { identityProvider } from '../support/identity.ts'
import { type Answer, post } from '../support/load.ts'
import { start, temporaryDirectory, written } from '../support/process.ts'
import { say } from '../support/report.ts'
import { hostileSupergraph } from './federation.ts'
import type { Probed } from './probe.ts'

/** The router under attack, and the ordinary caller beside the attacker. */
export interface Target extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** Null when it runs without identity. */
  readonly token: string | null
  readonly headers: Readonly<Record<string, string>>
  /** How often the router has fetched the identity provider's keys. */
  keyFetches(): number
  alive(): boolean
  output(): string
  /** One POST of a JSON text. */
  send(body: string | Buffer, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** What the ordinary caller has met since it was last asked. */
  probed(): Promise<Probed>
}

const script = (name: string) => ['--import', 'tsx', join(import.meta.dirname, name)]
const PROBE = JSON.stringify({ query: 'query Probe { me { id name } }' })
const EXPECTED = { data: { me: { id: '1', name: 'Ada' } } }

/** Starts subgraphs, router and ordinary caller; the router as in production, with all defaults. */
export async function openTarget(root: string): Promise<Target> {
  const opened = new Opened()
  try {
    return await openIn(root, opened)
  } catch (error) {
    await opened[Symbol.asyncDispose]()
    throw error
  }
}

async function openIn(root: string, opened: Opened): Promise<Target> {
  const dir = temporaryDirectory()
  const serve = (name: string, ...args: readonly string[]) =>
    opened.use(start({ command: process.execPath, args: [...script(name), ...args], core: LOAD_CORE }))
  const subgraphs = serve('subgraph-server.ts')
  const [, origin = ''] = await written(subgraphs, /ready (\S+)/)
  const supergraphFile = join(dir, 'supergraph.graphql')
  await writeFile(supergraphFile, hostileSupergraph(origin))
  const identity = opened.use(await identityProvider())
  const token = await identity.token('bench')
  const router = opened.use(await startRouter({ root, nodeFlags: NODE_FLAGS, dir, supergraphFile, identity }, token))
  const { url, process: running, contestant } = router
  const [, probeOrigin = ''] = await written(
    serve('probe.ts', url, token, String(running.pid), String(subgraphs.pid)),
    /ready (\S+)/
  )
  const { origin: routerOrigin, pathname } = new URL(url)
  const pool = new Pool(routerOrigin, { connections: 8, headersTimeout: 60_000, bodyTimeout: 60_000 })
  const probes = new Pool(probeOrigin)
  for (const each of [pool, probes]) opened.use({ [Symbol.asyncDispose]: () => each.destroy() })
  const headers = { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` }
  return {
    url,
    pid: running.pid,
    token: contestant.key === 'open' ? null : token,
    headers,
    keyFetches: identity.fetches,
    alive: () => !running.exited(),
    output: running.output,
    send: (body, more) => post(pool, pathname, { ...headers, ...more }, body),
    async probed() {
      return JSON.parse((await post(probes, '/take', {}, '')).text())
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]()
  }
}

async function startRouter(site: OursSite, token: string): Promise<Started> {
  const given = {
    core: GATEWAY_CORE,
    headers: { authorization: `Bearer ${token}` },
    operation: { body: PROBE, expected: EXPECTED }
  }
  const contestant = (open: boolean): Contestant => ({
    key: open ? 'open' : 'token',
    label: 'ours',
    general: true,
    command: oursCommand(site, { open, config: null })
  })
  try {
    return await startContestant(contestant(false), given)
  } catch (error) {
    say(`the router runs without identity: ${String(error).slice(0, 200)}`)
    return startContestant(contestant(true), given)
  }
}
