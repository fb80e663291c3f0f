import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { contractsCommand } from '../../gateway/cli/contracts.ts'
import { loadBook, loadContracts, loadDirectory, POLICIES_DIRECTORY } from '../../gateway/policies-files.ts'
import { compileBook } from '../../policies/compile-book.ts'
import { liveBook } from '../../policies/live-book.ts'
import { CONSUMERS, contract, PEOPLE, SUPERGRAPH } from './fixture.ts'

const CONTRACT = `id: sales-partner
version: 1.0.0
status: FINALIZED
stage: pilot
provider: sales
consumer: partner
purpose: a test
valid: { from: 2025-01-01, until: 2099-12-31 }
notice: P30D
scope: { read: all }
grants:
  - { on: Query, fields: [order] }
  - { on: Order, fields: [id, FIELD] }
signatures:
  - { person: ann, role: business, at: 2025-12-01 }
  - { person: ian, role: it, at: 2025-12-01 }
  - { person: lea, role: legal, at: 2025-12-01 }
`
const DIRECTORY = `company: demo
consumers:
  - { id: partner, kind: developer, claims: { channel: WECHAT } }
  - { id: nobody, kind: supplier }
people:
  - { id: ann, name: Ann, department: sales, role: business }
  - { id: ian, name: Ian, department: it, role: it }
  - { id: lea, name: Lea, department: legal, role: legal }
`

/** A policies directory with one contract that grants Order.id and this field. */
async function policies(field: string) {
  const path = await mkdtemp(join(tmpdir(), 'policies-'))
  await writeFile(join(path, 'a.contract.yaml'), CONTRACT.replace('FIELD', field))
  await writeFile(join(path, 'consumers.yaml'), DIRECTORY)
  await writeFile(join(path, 'supergraph.graphql'), SUPERGRAPH)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

/** Runs `oaas contracts …`; the error instead of exit code 1. */
async function run(...args: readonly string[]): Promise<{ out: string; err: string; error: string | null }> {
  const [log, warn] = [jest.spyOn(console, 'log'), jest.spyOn(console, 'error')]
  const texts = { log: [] as string[], warn: [] as string[] }
  log.mockImplementation(text => void texts.log.push(String(text)))
  warn.mockImplementation(text => void texts.warn.push(String(text)))
  try {
    const error = await contractsCommand()
      .parseAsync([...args], { from: 'user' })
      .then(
        () => null,
        (e: unknown) => (e instanceof Error ? e.message : String(e))
      )
    return { out: texts.log.join('\n'), err: texts.warn.join('\n'), error }
  } finally {
    log.mockRestore()
    warn.mockRestore()
  }
}

describe('policy files', () => {
  test('a router’s book grants nothing of a contract that does not compile, and says so', async () => {
    await using good = await policies('note')
    await using bad = await policies('nope')
    const reported: string[] = []
    const load = async (directory: string) =>
      loadBook(SUPERGRAPH, await loadDirectory(directory), { directory, report: p => reported.push(p.message) })
    expect((await load(good.path)).view('partner')?.schema.getType('Order')).toBeDefined()
    expect(reported).toEqual([])
    expect((await load(bad.path)).view('partner')).toBeNull()
    expect(reported).toEqual(['Order has no field "nope"; did you mean "note"'])
  })

  test('a contract that is not YAML is a problem, and the others are read', async () => {
    await using directory = await policies('note')
    await writeFile(join(directory.path, 'b.contract.yaml'), '{')
    const { contracts, problems } = await loadContracts(directory.path)
    expect(contracts).toHaveLength(1)
    expect(problems).toHaveLength(1)
  })

  test('consumers.yaml that cannot be used is named with its line', async () => {
    await using directory = await policies('note')
    await writeFile(join(directory.path, 'consumers.yaml'), DIRECTORY.replace('supplier', 'suplier'))
    await expect(loadDirectory(directory.path)).rejects.toThrow(
      /consumers\.yaml:4 consumers\[1\]\.kind: kind is not known/
    )
  })

  test('a book ends a contract on its last day, without a restart', () => {
    let now = Date.parse('2026-12-31T15:59:59Z')
    let compiled = 0
    const contracts = [
      contract([
        { on: 'Query', fields: ['order'] },
        { on: 'Order', fields: ['id'] }
      ])
    ]
    const compile = (time: number) => {
      compiled += 1
      return compileBook({ supergraphSdl: SUPERGRAPH, contracts, consumers: CONSUMERS, people: PEOPLE, now: time })
    }
    const book = liveBook(compile, () => now)
    const version = book.version
    expect(book.view('partner')).not.toBeNull()
    expect(compiled).toBe(1)
    now += 1000
    expect(book.view('partner')).toBeNull()
    expect(book.version).not.toBe(version)
    expect(compiled).toBe(2)
  })
})

describe('oaas contracts', () => {
  test('check passes a sound directory and fails another, naming file, line and clause', async () => {
    await using good = await policies('note')
    await using bad = await policies('nope')
    const graph = ['--supergraph', join(good.path, 'supergraph.graphql')]
    expect(await run('check', good.path, ...graph)).toEqual({ out: '1 contracts compile', err: '', error: null })
    const failed = await run('check', bad.path, ...graph)
    expect(failed.error).toBe('1 error in 1 contracts: mend what is named above')
    expect(failed.err).toMatch(/a\.contract\.yaml:13 grants\[1\]\.fields\[1\]: Order has no field "nope"/)
  })

  test('view prints what the consumer sees, and refuses who sees nothing or is unknown', async () => {
    await using directory = await policies('note')
    const options = ['--policies', directory.path, '--supergraph', join(directory.path, 'supergraph.graphql')]
    expect((await run('view', 'partner', ...options)).out).toMatch(/type Order \{\n {2}id: ID!\n {2}note: String\n\}/)
    expect((await run('view', 'nobody', ...options)).error).toMatch(/^no contract grants nobody anything/)
    expect((await run('view', 'who', ...options)).error).toBe('"who" is not known: use one of partner, nobody')
  })

  test('explain answers in sentences and as JSON', async () => {
    await using directory = await policies('note')
    const options = ['--policies', directory.path, '--supergraph', join(directory.path, 'supergraph.graphql')]
    expect((await run('explain', 'partner', 'Order.note', ...options)).out).toMatch(
      /^Order\.note is visible for partner: it is granted \(K3\)\.\nowner: sales\nclause: sales-partner 1\.0\.0 \(.*a\.contract\.yaml:13\): plain, all rows$/
    )
    expect(JSON.parse((await run('explain', 'partner', 'Order.total', '--json', ...options)).out)).toMatchObject({
      verdict: 'hidden'
    })
    expect((await run('explain', 'partner', 'Order.x', ...options)).error).toMatch(/^there is no field Order\.x/)
  })

  test('diff says what a change widens', async () => {
    await using before = await policies('note')
    await using after = await policies('note')
    const graph = ['--supergraph', join(before.path, 'supergraph.graphql')]
    expect((await run('diff', before.path, after.path, ...graph)).out).toBe('nothing changes for anyone')
    await writeFile(join(after.path, 'a.contract.yaml'), CONTRACT.replace('FIELD', 'note, number'))
    expect((await run('diff', before.path, after.path, ...graph)).out).toBe(
      'partner: widens Order.number: nothing → all rows'
    )
  })

  test.each([
    [['check', '/does/not/exist'], /is not there: name a directory/],
    [['check', tmpdir(), '--supergraph', '/no/graph'], /is not there: run npm run generate/]
  ])('%j ends with one line that says what to do', async (args, message) => {
    expect((await run(...args)).error).toMatch(message)
  })

  test('a folder of contracts alone is checked against the company’s own consumers', async () => {
    await using directory = await policies('note')
    await rm(join(directory.path, 'consumers.yaml'))
    await cp(
      join(POLICIES_DIRECTORY, 'contracts', 'sales-routing.contract.yaml'),
      join(directory.path, 'a.contract.yaml')
    )
    expect(await run('check', directory.path)).toMatchObject({ out: '1 contracts compile', error: null })
  })
})
