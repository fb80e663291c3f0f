import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { importCommand } from '../../gateway/cli/import.ts'
import { csvFiles, type Importing, OLIST_MAPPING, SAMPLE, startImporting } from './given.ts'

describe('oaas import', () => {
  let t: Importing
  let out: string[]
  let err: string[]
  let closed: number
  beforeAll(async () => {
    t = await startImporting()
  })
  afterAll(() => t[Symbol.asyncDispose]())
  beforeEach(() => {
    out = []
    err = []
    closed = 0
    jest.spyOn(console, 'log').mockImplementation(text => void out.push(String(text)))
    jest.spyOn(console, 'error').mockImplementation(text => void err.push(String(text)))
  })
  afterEach(() => jest.restoreAllMocks())

  const run = async (...args: readonly string[]): Promise<void> => {
    const rooms = {
      orders: t.orders.room,
      suppliers: t.suppliers.room,
      async [Symbol.asyncDispose]() {
        closed += 1
      }
    }
    const dataDir = join(t.files.directory, 'data')
    await mkdir(dataDir, { recursive: true })
    await importCommand(async () => rooms, dataDir).parseAsync([...args], { from: 'user' })
  }

  test('prints its report as JSON, and puts the rejects among its data', async () => {
    await run(OLIST_MAPPING, ...(await csvFiles(SAMPLE)))
    expect(JSON.parse(out.join('\n'))).toMatchObject({ orders: { imported: 8, rejected: 7 }, rejects: { rows: 17 } })
    const path = join(t.files.directory, 'data', 'rejects.csv')
    expect(err).toEqual([`17 rows rejected: see ${path}`])
    const lines = (await readFile(path, 'utf8')).split('\n')
    expect(lines[0]).toBe('file,line,reason,row')
    expect(lines.find(line => line.startsWith('sellers.csv'))).toBe(
      'sellers.csv,4,suppliers.externalId is empty,"["""",""00002"",""vila nova"",""SP""]"'
    )
    expect((await stat(path)).mode & 0o077).toBe(0)
    expect(closed).toBe(1)
  })

  test('prints a table for people', async () => {
    const rejects = join(t.files.directory, 'again.jsonl')
    await run(OLIST_MAPPING, ...(await csvFiles(SAMPLE)), '--format', 'table', '--rejects', rejects)
    expect(out.join('\n')).toMatch(/^orders\.csv +16 +0 +9 +7 +0$/m)
    expect(out.join('\n')).toContain(`17 rows rejected, with reasons in ${rejects}`)
  })

  test('closes the rooms when it is refused', async () => {
    await expect(run(OLIST_MAPPING, join(SAMPLE, 'orders.csv'))).rejects.toThrow('no file for source "items"')
    await expect(run(OLIST_MAPPING, ...(await csvFiles(SAMPLE)), '--rejects', '/nowhere/r.csv')).rejects.toThrow(
      'rejects cannot be written to /nowhere/r.csv'
    )
    expect(closed).toBe(2)
    expect(out).toEqual([])
  })
})
