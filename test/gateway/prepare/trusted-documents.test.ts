import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Caller } from '../../../gateway/engine.ts'
import { automaticDocuments } from '../../../gateway/prepare/automatic-documents.ts'
import { documentFinder, type FindDocument } from '../../../gateway/prepare/documents.ts'
import { loadTrustedDocuments, readTrustedDocuments } from '../../../gateway/prepare/trusted-documents.ts'
import { CONSUMER, federate } from '../../support/federation.ts'
import { SHOP } from '../../support/shop.ts'
import { outcome } from './refusals.ts'

const ME = '{ me { id } }'
const NAME = '{ me { name } }'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const persisted = (sha256Hash: unknown, version: unknown = 1) => ({ persistedQuery: { version, sha256Hash } })

const APOLLO = JSON.stringify({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [{ id: 'me', name: 'Me', type: 'query', body: ME }]
})

describe('a manifest of trusted documents', () => {
  test('is a map from ids to texts, or what Apollo’s tools write', async () => {
    expect([...readTrustedDocuments(JSON.stringify({ me: ME, name: NAME }))]).toEqual([
      ['me', ME],
      ['name', NAME]
    ])
    expect([...readTrustedDocuments(APOLLO)]).toEqual([['me', ME]])
    expect(readTrustedDocuments('{"__proto__":"{ me { id } }"}').get('__proto__')).toBe(ME)
  })

  test.each([
    ['[]', /must be a JSON object/],
    ['{"me":1}', /document "me" has no text/],
    ['{"format":"other"}', /its format is "other"/],
    ['{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}', /its version is 2/],
    ['{"format":"apollo-persisted-query-manifest"}', /no list "operations"/],
    ['{"format":"apollo-persisted-query-manifest","operations":[{"body":"{a}"}]}', /has no id/],
    [
      '{"format":"apollo-persisted-query-manifest","operations":[{"id":"a","body":"{a}"},{"id":"a","body":"{b}"}]}',
      /"a" stands for two documents/
    ]
  ])('is refused when it is %s', (text, message) => {
    expect(() => readTrustedDocuments(text)).toThrow(message)
  })

  test('is named when its file cannot be read', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'oaas-manifest-'))
    try {
      const path = join(directory, 'manifest.json')
      await expect(loadTrustedDocuments(path)).rejects.toThrow(path)
      await writeFile(path, '{')
      await expect(loadTrustedDocuments(path)).rejects.toThrow(path)
      await writeFile(path, APOLLO)
      expect((await loadTrustedDocuments(path)).get('me')).toBe(ME)
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})

const trusted = readTrustedDocuments(
  JSON.stringify({ me: ME, [sha256(NAME)]: NAME, many: 'query A { me { id } } query B { me { name } }' })
)
const over = (documents: FindDocument) => federate(SHOP, { documents })

describe('trusted documents', () => {
  const federation = over(documentFinder({ trusted, trustedOnly: false, automatic: null }))
  test.each([
    ['by documentId', { documentId: 'me' }],
    ['by the hash that Apollo’s clients send', { extensions: persisted(sha256(NAME)) }],
    ['by an id that is no hash, sent as one', { extensions: persisted('me') }],
    ['by documentId with its algorithm', { documentId: `sha256:${sha256(NAME)}` }],
    ['beside an empty query, which websocket clients must send', { documentId: 'me', query: '' }],
    ['with one of several operations', { documentId: 'many', operationName: 'B' }]
  ])('are run %s', (_, request) => {
    expect(outcome(federation, request)).toBe('accepted')
  })

  test('stand beside other documents unless they are required', () => {
    expect(outcome(federation, ME)).toBe('accepted')
    expect(outcome(federation, { documentId: 'other' })).toMatch(/^PERSISTED_QUERY_NOT_IN_LIST/)
    expect(outcome(federation, { extensions: persisted(sha256(ME)) })).toMatch(/^PERSISTED_QUERY_NOT_IN_LIST/)
  })

  test('are held to the limits, too', () => {
    const deep = readTrustedDocuments(
      JSON.stringify({ deep: `{ me ${'{ friend '.repeat(15)}{ id }${'}'.repeat(15)} }` })
    )
    expect(
      outcome(over(documentFinder({ trusted: deep, trustedOnly: false, automatic: null })), { documentId: 'deep' })
    ).toMatch(/^OPERATION_LIMIT/)
  })

  test.each([
    ['a documentId with a query', { documentId: 'me', query: ME }],
    ['a documentId with a hash', { documentId: 'me', extensions: persisted(sha256(NAME)) }],
    ['a documentId that is no text', { documentId: 5 }],
    ['an empty documentId', { documentId: '' }],
    ['a documentId without end', { documentId: 'x'.repeat(1025) }],
    ['a hash that is no text', { extensions: persisted(5) }],
    ['no hash', { extensions: { persistedQuery: { version: 1 } } }],
    ['another version', { extensions: persisted(sha256(NAME), 2) }],
    ['what is no object', { extensions: { persistedQuery: 'x' } }]
  ])('are refused by %s', (_, request) => {
    expect(outcome(federation, request)).toMatch(/^BAD_REQUEST/)
  })
})

describe.each([
  ['for everyone', documentFinder({ trusted, trustedOnly: true, automatic: automaticDocuments() }), undefined],
  ['for one caller', documentFinder({ trusted, trustedOnly: false, automatic: automaticDocuments() }), true]
])('where trusted documents are required %s', (_, documents, trustedDocumentsOnly) => {
  const federation = over(documents)
  const as: Partial<Caller> = trustedDocumentsOnly ? { trustedDocumentsOnly } : {}
  const of = (request: object) => outcome(federation, request, as)

  test('they are run', () => {
    expect(of({ documentId: 'me' })).toBe('accepted')
    expect(of({ extensions: persisted(sha256(NAME)) })).toBe('accepted')
  })

  test.each([
    ['a document', { query: ME }, 'PERSISTED_QUERY_ID_REQUIRED'],
    ['a document that is almost nothing', { query: ' ' }, 'PERSISTED_QUERY_ID_REQUIRED'],
    ['nothing but a blank beside an id', { query: ' ', documentId: 'me' }, 'PERSISTED_QUERY_ID_REQUIRED'],
    ['a trusted document by its text', { query: NAME }, 'PERSISTED_QUERY_ID_REQUIRED'],
    [
      'a trusted id with the text of another',
      { documentId: 'me', query: '{ me { nick } }' },
      'PERSISTED_QUERY_ID_REQUIRED'
    ],
    [
      'a document that registers itself',
      { query: ME, extensions: persisted(sha256(ME)) },
      'PERSISTED_QUERY_ID_REQUIRED'
    ],
    [
      'a trusted hash with another text',
      { query: ME, extensions: persisted(sha256(NAME)) },
      'PERSISTED_QUERY_ID_REQUIRED'
    ],
    ['an unknown id', { documentId: 'other' }, 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['an unknown hash', { extensions: persisted(sha256(ME)) }, 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['an unknown hash as an id', { documentId: `sha256:${sha256(ME)}` }, 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['nothing at all', {}, 'BAD_REQUEST']
  ])('%s is refused', (_, request, code) => {
    expect(of(request)).toMatch(new RegExp(`^${code}:`))
  })
})

test('a caller may be bound to trusted documents beside one that is not, on one cache', () => {
  const federation = over(documentFinder({ trusted, trustedOnly: false, automatic: null }))
  for (const _ of [1, 2]) {
    expect(outcome(federation, ME)).toBe('accepted')
    expect(outcome(federation, ME, { trustedDocumentsOnly: true })).toMatch(/^PERSISTED_QUERY_ID_REQUIRED/)
    expect(outcome(federation, { documentId: 'me' }, { trustedDocumentsOnly: true })).toBe('accepted')
  }
})

describe('automatic persisted queries', () => {
  const automatic = () => over(documentFinder({ trusted: null, trustedOnly: false, automatic: automaticDocuments() }))
  const hash = sha256(ME)

  test('are unknown at first, in the words that clients wait for, then registered, then run by their hash', () => {
    const federation = automatic()
    expect(outcome(federation, { extensions: persisted(hash) })).toBe(
      'PERSISTED_QUERY_NOT_FOUND: PersistedQueryNotFound'
    )
    expect(outcome(federation, { query: ME, extensions: persisted(hash) })).toBe('accepted')
    expect(outcome(federation, { extensions: persisted(hash) })).toBe('accepted')
    expect(outcome(federation, { documentId: `sha256:${hash}` })).toBe('accepted')
  })

  test('are never registered under the hash of another', () => {
    const federation = automatic()
    expect(outcome(federation, { query: ME, extensions: persisted(sha256(NAME)) })).toBe(
      'BAD_REQUEST: provided sha does not match query'
    )
    expect(outcome(federation, { extensions: persisted(sha256(NAME)) })).toMatch(/^PERSISTED_QUERY_NOT_FOUND/)
  })

  test('are each consumer’s own', () => {
    const federation = automatic()
    const other = { consumer: { ...CONSUMER, id: 'other' } }
    expect(outcome(federation, { query: ME, extensions: persisted(hash) })).toBe('accepted')
    expect(outcome(federation, { extensions: persisted(hash) }, other)).toMatch(/^PERSISTED_QUERY_NOT_FOUND/)
    const elsewhere = { consumer: { ...CONSUMER, company: 'other' } }
    expect(outcome(federation, { extensions: persisted(hash) }, elsewhere)).toMatch(/^PERSISTED_QUERY_NOT_FOUND/)
  })

  test.each(['abc', 'G'.repeat(64), hash.toUpperCase(), `${hash}0`])('take no other hash: %s', malformed => {
    expect(outcome(automatic(), { extensions: persisted(malformed) })).toMatch(/^BAD_REQUEST/)
  })

  test('say so when they are off', () => {
    const federation = over(documentFinder({ trusted: null, trustedOnly: false, automatic: null }))
    const refusal = 'PERSISTED_QUERY_NOT_SUPPORTED: PersistedQueryNotSupported'
    expect(outcome(federation, { extensions: persisted(hash) })).toBe(refusal)
    expect(outcome(federation, { query: ME, extensions: persisted(hash) })).toBe(refusal)
  })

  test('keep no more texts than they may, and of those the ones that were used last', () => {
    const kept = automaticDocuments({ entries: 2, characters: 1000 })
    const caller = { consumer: CONSUMER }
    kept.keep('a', 'A', caller)
    kept.keep('b', 'B', caller)
    kept.get('a', caller)
    kept.keep('c', 'C', caller)
    expect(['a', 'b', 'c'].map(key => kept.get(key, caller))).toEqual(['A', undefined, 'C'])
  })

  test('keep no more text than they may', () => {
    const kept = automaticDocuments({ entries: 100, characters: 100 })
    const caller = { consumer: CONSUMER }
    kept.keep('a', 'A'.repeat(60), caller)
    kept.keep('b', 'B'.repeat(40), caller)
    expect(kept.get('a', caller)).toBeDefined()
    kept.keep('c', 'C'.repeat(30), caller)
    expect(['a', 'b', 'c'].map(key => kept.get(key, caller)?.length)).toEqual([60, undefined, 30])
    kept.keep('d', 'D'.repeat(101), caller)
    expect(kept.get('d', caller)).toBeUndefined()
    expect(kept.get('a', caller)).toBeDefined()
    kept.keep('a', 'A'.repeat(70), caller)
    expect(kept.get('c', caller)).toBeDefined()
  })
})
