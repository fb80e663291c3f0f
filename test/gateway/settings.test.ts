import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '../../gateway/config.ts'
import { readSettings, settingsFromText } from '../../gateway/read-settings.ts'
import { DEFAULT_SETTINGS, subgraphSettings } from '../../gateway/settings.ts'
import { SETTINGS_SCHEMA } from '../../gateway/settings-schema.ts'
import { packageRoot } from '../../platform/root.ts'

const read = (text: string) => settingsFromText(text, 'router.yaml', '/etc/router')

describe('the settings file', () => {
  test.each(['', '# nothing yet\n', '{}\n'])('changes nothing when it says nothing: %j', text => {
    expect(read(text)).toEqual(DEFAULT_SETTINGS)
  })

  test('changes what it names and nothing else', () => {
    const settings = read('limits: { depth: 20 }\ntransport:\n  drainMs: 0\ndedupe: false\n')
    expect(settings).toEqual({
      ...DEFAULT_SETTINGS,
      limits: { ...DEFAULT_SETTINGS.limits, depth: 20 },
      transport: { ...DEFAULT_SETTINGS.transport, drainMs: 0 },
      dedupe: false
    })
  })

  test('gives a subgraph what * says, but for what it says itself', () => {
    const settings = read(`
subgraphs:
  '*': { timeoutMs: 1000, breaker: { failures: 3 }, forwardHeaders: [x-tenant] }
  products: { breaker: { openMs: 50 }, forwardHeaders: [], subscriptions: { protocol: sse } }
`)
    const every = { ...DEFAULT_SETTINGS.subgraphs['*'], timeoutMs: 1000, forwardHeaders: ['x-tenant'] }
    expect(subgraphSettings(settings, 'orders')).toEqual({ ...every, breaker: { failures: 3, openMs: 5000 } })
    expect(subgraphSettings(settings, 'products')).toEqual({
      ...every,
      breaker: { failures: 3, openMs: 50 },
      forwardHeaders: [],
      subscriptions: { protocol: 'sse', url: null, silenceMs: 0 }
    })
  })

  test.each(['constructor', '__proto__', 'toString'])('takes %s for the name of a subgraph', name => {
    expect(subgraphSettings(read(''), name)).toEqual(DEFAULT_SETTINGS.subgraphs['*'])
    const settings = read(`subgraphs: { ${name}: { retries: 0 } }`)
    expect(subgraphSettings(settings, name)).toMatchObject({ retries: 0, timeoutMs: 30_000 })
    expect(subgraphSettings(settings, 'other').retries).toBe(2)
  })

  test('says how often labels of progressive overrides apply', () => {
    const settings = read("overrideLabels: { beta: true, canary: 2.5, 'percent(10)': false }")
    expect(settings.overrideLabels).toEqual({ beta: true, canary: 2.5, 'percent(10)': false })
    expect(() => read('overrideLabels: { canary: 101 }')).toThrow('router.yaml:1 overrideLabels.canary: must be <= 100')
  })

  test('names files from where it is itself', () => {
    expect(read('documents: { manifest: trusted.json }').documents.manifest).toBe('/etc/router/trusted.json')
    expect(read('documents: { manifest: /srv/trusted.json }').documents.manifest).toBe('/srv/trusted.json')
  })

  test.each<[string, string, string]>([
    ['broken YAML', 'limits: { depth: 1\n', 'router.yaml:'],
    ['a list', '- limits', 'router.yaml:1: must be object'],
    [
      'an unknown section',
      'dedupe: true\nlimit: {}\n',
      'router.yaml:2 limit: there is no such setting. Remove it, or use one of limits, transport, subgraphs,'
    ],
    [
      'an unknown key',
      'limits:\n  depth: 3\n  deph: 3\n',
      'router.yaml:3 limits.deph: there is no such setting. Remove it, or use one of tokens, nesting, depth,'
    ],
    [
      'a text for a number',
      'transport:\n  bodyBytes: 1MB\n',
      'router.yaml:2 transport.bodyBytes: must be integer. Correct it'
    ],
    ['a number below its least', 'limits: { tokens: 0 }', 'router.yaml:1 limits.tokens: must be >= 1. Correct it'],
    [
      'a value that is none of its values',
      'authorization:\n  mode: strict\n',
      'router.yaml:2 authorization.mode: is not one of its values. Use filter or reject.'
    ],
    [
      'a header in upper case',
      "subgraphs:\n  '*':\n    forwardHeaders:\n      - x-a\n      - X-B\n",
      'router.yaml:5 subgraphs.*.forwardHeaders[1]: must match pattern'
    ],
    [
      'a header that cannot be sent on',
      "subgraphs:\n  '*':\n    forwardHeaders: [x-a,\n      connection]\n",
      'router.yaml:4 subgraphs.*.forwardHeaders[1]: this header cannot be sent on. Remove it.'
    ],
    ['a URL that is none', 'subgraphs: { a: { url: "a:4001" } }', 'router.yaml:1 subgraphs.a.url: must match pattern'],
    ['a key twice', 'dedupe: true\ndedupe: false\n', 'router.yaml:2: Map keys must be unique. Correct the YAML.']
  ])('is refused for %s, in one line that names where', (_, text, line) => {
    expect(() => read(text)).toThrow(ConfigError)
    const message = (() => {
      try {
        return String(read(text))
      } catch (error) {
        return (error as Error).message
      }
    })()
    expect(message).toContain(line)
    expect(message).not.toContain('\n')
  })

  test('is read from a file; one that is not there is named', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'oaas-settings-'))
    try {
      const path = join(directory, 'router.yaml')
      await expect(readSettings(path)).rejects.toThrow(`cannot read the settings file ${path}`)
      await writeFile(path, 'documents: { manifest: trusted.json }')
      expect((await readSettings(path)).documents.manifest).toBe(join(directory, 'trusted.json'))
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })

  test('may say everything that there is a default for', () => {
    const missing: string[] = []
    const compare = (defaults: object, schema: { properties?: Readonly<Record<string, object>> }, path: string) => {
      for (const [key, value] of Object.entries(defaults)) {
        const known = schema.properties?.[key]
        if (!known) missing.push(path + key)
        else if (typeof value === 'object' && value !== null && !Array.isArray(value))
          compare(value, known, `${path + key}.`)
      }
    }
    const { subgraphs, ...rest } = DEFAULT_SETTINGS
    compare(rest, SETTINGS_SCHEMA, '')
    const { additionalProperties } = SETTINGS_SCHEMA.properties['subgraphs'] as { additionalProperties: object }
    compare(subgraphs['*'] ?? {}, additionalProperties, 'subgraphs.*.')
    expect(missing).toEqual([])
  })

  test('has a schema for editors that is what it is checked by', async () => {
    const file = await readFile(join(packageRoot, 'docs', 'settings.schema.json'), 'utf8')
    expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(SETTINGS_SCHEMA)))
  })
})
