import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileCursorStore } from '../../sdk/src/file-cursor-store.ts'
import { type CursorStore, localStorageCursorStore, memoryCursorStore } from '../../sdk/src/index.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oaas-cursors-'))
})
afterAll(() => rm(directory, { recursive: true }))

const stores: Readonly<Record<string, () => CursorStore>> = {
  memory: () => memoryCursorStore(),
  localStorage: () => {
    const values = new Map<string, string>()
    return localStorageCursorStore('orders', {
      getItem: key => values.get(key) ?? null,
      setItem: (key, value) => values.set(key, value)
    })
  },
  file: () => fileCursorStore(join(directory, 'deep', 'orders.cursor'))
}

test.each(Object.entries(stores))('%s store keeps the last cursor', async (_name, open) => {
  const store = open()
  expect(await store.load()).toBeNull()
  await store.save('first')
  await store.save('second')
  expect(await store.load()).toBe('second')
})

test('a file store keeps its place for the next program, and leaves nothing else behind', async () => {
  const path = join(directory, 'next', 'orders.cursor')
  await fileCursorStore(path).save('c1')
  expect(await fileCursorStore(path).load()).toBe('c1')
  expect(await readdir(join(directory, 'next'))).toEqual(['orders.cursor'])
})

test('a browser store says so when there is no browser', () => {
  expect(() => localStorageCursorStore('orders')).toThrow('There is no localStorage here')
})
