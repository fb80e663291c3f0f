import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MESSAGES } from '../console/src/messages.ts'
import { packageRoot } from '../platform/root.ts'

const source = (name: string) => readFileSync(join(packageRoot, 'console/src', name), 'utf8')

describe('the console’s page', () => {
  test('says everything in English and Chinese', () => {
    const wanted = [...source('index.html').matchAll(/data-text="(\w+)"/g)].map(match => match[1] ?? '')
    expect(wanted.length).toBeGreaterThan(5)
    for (const messages of [MESSAGES.en, MESSAGES.zh])
      expect(Object.keys(messages)).toEqual(expect.arrayContaining(wanted))
    expect(Object.values(MESSAGES.zh).every(text => /\p{Script=Han}/u.test(text))).toBe(true)
  })

  test('says in its markup what its English messages say', () => {
    for (const [, name, text] of source('index.html').matchAll(/data-text="(\w+)">([^<]+)</g)) {
      expect({ [name ?? '']: text }).toEqual({ [name ?? '']: MESSAGES.en[name as keyof typeof MESSAGES.en] })
    }
  })

  test('fetches nothing from elsewhere', () => {
    for (const name of ['index.html', 'style.css', 'status.ts', 'readiness.ts']) {
      expect(source(name)).not.toMatch(/https?:\/\/|url\(/)
    }
  })
})
