import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codes, startWorld, type World } from './world.ts'

const LISTED = '{ hello }'
const TEXT = '{ order(id: "1") { id margin } }'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const persisted = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } })

let directory: string
let world: World
let headers: Readonly<Record<string, string>>
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oaas-trusted-'))
  const manifest = join(directory, 'manifest.json')
  await writeFile(manifest, JSON.stringify({ hello: LISTED, [sha256(LISTED)]: LISTED }))
  world = await startWorld({
    settings: `documents: { manifest: "${manifest}", trustedOnly: true }\ntransport: { batch: 5 }`
  })
  headers = { authorization: `Bearer ${await world.token()}` }
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

const FORMS: Readonly<Record<string, readonly [string, object]>> = {
  'a text': ['PERSISTED_QUERY_ID_REQUIRED', { query: TEXT }],
  'the text of a listed document': ['PERSISTED_QUERY_ID_REQUIRED', { query: LISTED }],
  'a text beside the id of a listed document': ['PERSISTED_QUERY_ID_REQUIRED', { query: TEXT, documentId: 'hello' }],
  'a text beside the hash of a listed document': [
    'PERSISTED_QUERY_ID_REQUIRED',
    { query: TEXT, extensions: persisted(sha256(LISTED)) }
  ],
  'a text with its own hash': ['PERSISTED_QUERY_ID_REQUIRED', { query: TEXT, extensions: persisted(sha256(TEXT)) }],
  'a blank text beside an id': ['PERSISTED_QUERY_ID_REQUIRED', { query: ' ', documentId: 'hello' }],
  'an id that is not listed': ['PERSISTED_QUERY_NOT_IN_LIST', { documentId: 'other' }],
  'a name that every object has': ['PERSISTED_QUERY_NOT_IN_LIST', { documentId: '__proto__' }],
  introspection: ['PERSISTED_QUERY_ID_REQUIRED', { query: '{ __schema { types { name } } }' }]
}
const PASS_BY = { 'x-persisted-query-skip': 'true', 'x-wg-disable-safelist': 'true', 'apollo-skip': '1' }

describe('where trusted documents alone are run', () => {
  test.each(Object.entries(FORMS))('%s is refused on any way in (A65)', async (_, [code, request]) => {
    world.asked.length = 0
    expect(codes((await world.post(request, { ...headers, ...PASS_BY })).body)).toEqual([code])
    const parameters = Object.entries(request).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value)
    ])
    expect(codes((await world.get(Object.fromEntries(parameters), headers)).body)).toEqual([code])
    const entries = (await world.post([{ documentId: 'hello' }, request], headers)).body as unknown[]
    expect(entries.map(codes)).toEqual([[], [code]])
    const events = await world.post(request, { ...headers, accept: 'text/event-stream' })
    expect(events.text).toContain(`"${code}"`)
    const socket = await world.overSocket({ query: '', ...request }, headers)
    expect([socket.type, codes({ errors: socket.payload })]).toEqual(['error', [code]])
    expect(world.asked.every(({ body }) => !JSON.stringify(body).includes('order'))).toBe(true)
  })

  test.each([
    { documentId: 'hello' },
    { extensions: persisted(sha256(LISTED)) },
    { documentId: `sha256:${sha256(LISTED)}` }
  ])('a listed one is run: %j', async request => {
    expect((await world.post(request, headers)).body).toEqual({ data: { hello: 'world' } })
    const socket = await world.overSocket({ query: '', ...request }, headers)
    expect(socket).toMatchObject({ type: 'next', payload: { data: { hello: 'world' } } })
  })
})
