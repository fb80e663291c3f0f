import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GraphQLSchema } from 'graphql'
import { DEEP_QUERY, type Operation, operation } from '../federation/operations.ts'
import { referenceSchema, supergraphSdl } from '../federation/schemas.ts'
import { type Subgraphs, serveSubgraphs } from '../federation/serve.ts'
import { type IdentityProvider, identityProvider } from '../support/identity.ts'
import { temporaryDirectory } from '../support/process.ts'
import { say } from '../support/report.ts'

/** Where everything is pinned: what is measured has a core of its own. */
export const GATEWAY_CORE = 0
export const LOAD_CORE = 1

/** What we recommend for any router on Node: a young generation that holds a few answers of this size. */
export const NODE_FLAGS = ['--max-semi-space-size=32']

/** What every contestant stands on. */
export interface Site extends AsyncDisposable {
  /** The checkout whose build is measured. */
  readonly root: string
  /** What every contestant on Node is started with. */
  readonly nodeFlags: readonly string[]
  /** A directory of this run. */
  readonly dir: string
  readonly supergraphFile: string
  readonly subgraphs: Subgraphs
  readonly identity: IdentityProvider
  readonly reference: GraphQLSchema
  readonly deep: Operation
  /** Sent with every request, to all alike. */
  readonly headers: Readonly<Record<string, string>>
}

/** Starts the subgraphs and the identity provider, and writes the supergraph. */
export async function openSite(root: string, nodeFlags: readonly string[]): Promise<Site> {
  const dir = temporaryDirectory()
  const subgraphs = await serveSubgraphs(LOAD_CORE)
  const identity = await identityProvider()
  const supergraphFile = join(dir, 'supergraph.graphql')
  await writeFile(supergraphFile, supergraphSdl(subgraphs.origin))
  const reference = referenceSchema()
  return {
    root,
    nodeFlags,
    dir,
    supergraphFile,
    subgraphs,
    identity,
    reference,
    deep: operation(reference, DEEP_QUERY),
    headers: { authorization: `Bearer ${await identity.token('bench')}` },
    async [Symbol.asyncDispose]() {
      await subgraphs[Symbol.asyncDispose]()
      await identity[Symbol.asyncDispose]()
    }
  }
}

/** Compiles the product; says what does not compile, and goes on with what came out. */
export function build(root: string): void {
  const { status, stdout } = spawnSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd: root })
  if (status !== 0) say(`compiled with errors:\n${stdout.toString().trim().split('\n').slice(0, 3).join('\n')}`)
}
