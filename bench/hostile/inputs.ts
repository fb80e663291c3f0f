import { gzipSync } from 'node:zlib'
import { generateKeyPair, SignJWT } from 'jose'
import type { Answer } from '../support/load.ts'
import { type Case, SkipCase } from './case.ts'
import { failed, notRefused, requests } from './requests.ts'

/** B11, B12, B14, B20, B30: what bodies, variables and headers can do. */

function json(value: unknown): () => string {
  const text = JSON.stringify(value)
  return () => text
}
const SEARCH =
  'query ($filter: Filter, $ids: [ID!], $text: String) { search(filter: $filter, ids: $ids, text: $text) { id } }'
const deepFilter = (depth: number): object => (depth === 0 ? { name: 'x' } : { and: [deepFilter(depth - 1)] })
const many = (count: number, make: (n: number) => string) => Array.from({ length: count }, (_, n) => make(n)).join(' ')
const JAVASCRIPT_NUMBER = `{"query":${JSON.stringify('query ($n: Int) { users(first: $n) { id } }')},"variables":{"n":1e400}}`

/** A hundred megabytes in a hundred kilobytes. */
const bomb = () =>
  gzipSync(Buffer.concat([Buffer.from('{"query":"{me{id}}","x":"'), Buffer.alloc(100 * 1024 * 1024, 97)]))

const UNICODE: readonly (readonly [what: string, text: string])[] = [
  ['500 KB of combining marks', `a${'\u0301'.repeat(250_000)}`],
  ['right-to-left override', '\u202e\u202e'.repeat(1000)],
  ['lone surrogates', '\ud800\udfff\ud800'.repeat(1000)],
  ['NUL', '\u0000'.repeat(1000)]
]

/** Refused as nobody we know. */
const unknown = (answer: Answer) => (answer.status === 401 ? null : `status ${answer.status}, not 401`)

/** How often keys may be fetched for tokens of keys that do not exist. */
const MOST_FETCHES = 2

function unknownKeys(): Case {
  const about = { id: 'B30', title: 'tokens of keys that do not exist', bounds: {} }
  return {
    ...about,
    async attack(target) {
      if (target.token === null) throw new SkipCase('the router runs without identity')
      const { privateKey } = await generateKeyPair('ES256')
      const sign = (n: number) =>
        new SignJWT({})
          .setProtectedHeader({ alg: 'ES256', kid: `no-such-key-${n}` })
          .setSubject('bench')
          .setIssuer('https://issuer.example')
          .setAudience('bench')
          .setExpirationTime('1h')
          .sign(privateKey)
      const tokens = await Promise.all(Array.from({ length: 1000 }, (_, n) => sign(n)))
      const before = target.keyFetches()
      const taken = await requests({
        ...about,
        body: json({ query: '{ me { id } }' }),
        headers: n => ({ authorization: `Bearer ${tokens[n % tokens.length]}` }),
        wrong: unknown
      }).attack(target)
      const fetches = target.keyFetches() - before
      const seen = `${taken.seen}; ${fetches} fetches of keys`
      return { ...taken, seen, wrong: taken.wrong ?? (fetches > MOST_FETCHES ? `${fetches} fetches of keys` : null) }
    }
  }
}

export const INPUTS: readonly Case[] = [
  requests({
    id: 'B11a',
    title: 'a body of 1.9 MB',
    body: json({ query: `{ search(text: "${'x'.repeat(1_900_000)}") { id } }` })
  }),
  requests({
    id: 'B11b',
    title: 'a literal of 900 KB',
    body: json({ query: `{ search(text: "${'x'.repeat(900_000)}") { id } }` }),
    wrong: failed
  }),
  requests({
    id: 'B11c',
    title: 'a list of 150,000 ids',
    body: json({ query: SEARCH, variables: { ids: Array.from({ length: 150_000 }, (_, n) => n % 10) } })
  }),
  requests({
    id: 'B11d',
    title: 'an input object 100 deep',
    body: json({ query: SEARCH, variables: { filter: deepFilter(50) } })
  }),
  requests({
    id: 'B11e',
    title: 'an input object 100,000 deep',
    body: () =>
      `{"query":${JSON.stringify(SEARCH)},"variables":{"filter":${'{"not":'.repeat(100_000)}null${'}'.repeat(100_000)}}}`
  }),
  requests({ id: 'B11f', title: 'the number 1e400', body: () => JAVASCRIPT_NUMBER }),
  requests({
    id: 'B11g',
    title: '10,000 variables',
    body: json({ query: `query (${many(10_000, n => `$v${n}: Int`)}) { me { id } }` })
  }),
  ...UNICODE.map(([what, text], index) =>
    requests({
      id: `B12${'abcd'[index]}`,
      title: what,
      body: json({ query: SEARCH, variables: { text: text.slice(0, 100_000), ids: [text.slice(0, 1000)] } }),
      wrong: failed
    })
  ),
  requests({
    id: 'B14',
    title: 'a batch of 10,000',
    body: json(Array.from({ length: 10_000 }, () => ({ query: '{ me { id } }' }))),
    wrong: notRefused
  }),
  gzipped(),
  unknownKeys()
]

function gzipped(): Case {
  const about = { id: 'B20', title: 'gzip: 100 KB that become 100 MB', bounds: { growthMb: 50 } }
  return {
    ...about,
    attack(target) {
      const body = bomb()
      return requests({ ...about, body: () => body, headers: () => ({ 'content-encoding': 'gzip' }) }).attack(target)
    }
  }
}
