import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCommand } from '../support/command.ts'
import { startForeign, supergraphOf } from '../support/foreign.ts'

let directory: string
let supergraph: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oaas-mistakes-'))
  supergraph = join(directory, 'supergraph.graphql')
  await using subgraph = await startForeign('one', 'type Query { a: Int }', {})
  await writeFile(supergraph, supergraphOf(subgraph))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function mistake(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await using command = startCommand(['gateway', '--open', '--supergraph', supergraph, ...args], env)
  const code = await command.ended()
  return { code, said: command.stderr() }
}

describe('a start that cannot be ends with 1 and one line that says why', () => {
  test.each(['loud', 'WARN', '30'])('LOG_LEVEL=%s', async LOG_LEVEL => {
    const { code, said } = await mistake(['--port', '0'], { LOG_LEVEL })
    expect([code, said]).toEqual([
      1,
      `oaas: LOG_LEVEL is "${LOG_LEVEL}": use one of trace, debug, info, warn, error, fatal, silent\n`
    ])
  })

  test('a port that is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, said } = await mistake(['--port', String(port)])
    other.close()
    expect([code, said]).toEqual([
      1,
      `oaas: cannot listen on 127.0.0.1:${port}: something else listens there; use another port, or end it\n`
    ])
  })

  test.each([
    ['192.0.2.1', 'this machine does not have the address; use another host'],
    ['nowhere.invalid', 'the address is not known; use another host']
  ])('the address %s', async (host, why) => {
    const { code, said } = await mistake(['--port', '0', '--host', host])
    expect([code, said]).toMatchObject([1, expect.stringContaining(why)])
    expect(said.trim().split('\n')).toHaveLength(1)
  })
})
