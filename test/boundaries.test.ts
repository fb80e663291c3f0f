import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { packageRoot } from '../platform/root.ts'

interface Import {
  readonly from: string
  /** A path from the root, or a package's name. */
  readonly to: string
  readonly typeOnly: boolean
}

interface Rule {
  readonly who: RegExp
  /** Paths and packages that they may import; absent `packages` = any. */
  readonly may: readonly RegExp[]
  readonly packages?: RegExp
  /** Paths of which they may import types alone. */
  readonly types?: readonly RegExp[]
}

const FACES = /^subgraphs\/[a-z-]+\/subgraph\.ts$/
const COMPOSITION = /^gateway\/(gateway\.ts|rooms\.ts|cli\/)/

/** Who may import whom. The first rule that fits a file decides. */
const RULES: Readonly<Record<string, Rule>> = {
  'platform imports packages alone': { who: /^platform\//, may: [/^platform\//] },
  'policies are pure: graphql, hashing, and types of the scope contract': {
    who: /^policies\//,
    may: [/^policies\//],
    packages: /^(graphql|node:crypto)$/,
    types: [/^platform\/scope\/scope\.ts$/]
  },
  'a subgraph imports itself, policies and platform': {
    who: /^subgraphs\//,
    may: [/^subgraphs\//, /^policies\//, /^platform\//]
  },
  'only the composition root and the commands know the subgraphs, by their faces': {
    who: COMPOSITION,
    may: [/^gateway\//, /^policies\//, /^platform\//, /^demo\//, FACES]
  },
  'the gateway imports policies and platform': {
    who: /^gateway\//,
    may: [/^gateway\//, /^policies\//, /^platform\//]
  },
  'demo imports the subgraphs’ faces and platform': { who: /^demo\//, may: [/^demo\//, /^platform\//, FACES] },
  'the sdk depends on graphql-ws alone, and on Node only where it says so': {
    who: /^sdk\/src\/(?!file-cursor-store\.ts)/,
    may: [/^sdk\/src\//],
    packages: /^graphql-ws\/client$/
  },
  'the console imports the sdk': { who: /^console\/src\//, may: [/^console\/src\//], packages: /^@oaas\/sdk$/ }
}

const FOLDERS = ['bench', 'console', 'demo', 'gateway', 'platform', 'policies', 'scripts', 'sdk', 'subgraphs', 'test']
const NOT_OURS = /(^|\/)(node_modules|dist|generated)\//
const MAX_LINES = 400

const files = FOLDERS.filter(folder => existsSync(join(packageRoot, folder)))
  .flatMap(folder => readdirSync(join(packageRoot, folder), { recursive: true, withFileTypes: true }))
  .filter(entry => entry.isFile() && /\.(ts|tsx|js|mjs)$/.test(entry.name))
  .map(entry => relative(packageRoot, join(entry.parentPath, entry.name)).split(sep).join('/'))
  .filter(path => !NOT_OURS.test(path))
  .sort()

const text = (path: string) => readFileSync(join(packageRoot, path), 'utf8')

/** `import … from 'x'`, `export … from 'x'`, `import 'x'` and `import('x')`. */
const IMPORT = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm

const imports: readonly Import[] = files.flatMap(from =>
  [...text(from).matchAll(IMPORT)].map(match => {
    const specifier = match[2] ?? match[3] ?? ''
    const to = specifier.startsWith('.') ? join(dirname(from), specifier).split(sep).join('/') : specifier
    return { from, to, typeOnly: match[1] !== undefined }
  })
)

function allowed({ to, typeOnly }: Import, rule: Rule): boolean {
  const local = to.includes('/') && FOLDERS.includes(to.split('/')[0] ?? '')
  if (!local) return rule.packages?.test(to) ?? true
  return rule.may.some(path => path.test(to)) || (typeOnly && (rule.types?.some(path => path.test(to)) ?? false))
}

const ruleOf = (from: string) => Object.entries(RULES).find(([, { who }]) => who.test(from))?.[0]
const arrow = ({ from, to }: Import) => `${from} → ${to}`

describe('imports', () => {
  test('are found', () => {
    expect(imports.length).toBeGreaterThan(100)
    expect(imports).toContainEqual({ from: 'test/boundaries.test.ts', to: 'platform/root.ts', typeOnly: false })
  })

  test.each(Object.entries(RULES))('%s', (name, rule) => {
    const strays = imports.filter(each => ruleOf(each.from) === name && !allowed(each, rule))
    expect(strays.map(arrow)).toEqual([])
  })

  test('no subgraph imports another', () => {
    const room = (path: string) => /^subgraphs\/([^/]+)\//.exec(path)?.[1]
    const strays = imports.filter(({ from, to }) => room(from) && room(to) && room(from) !== room(to))
    expect(strays.map(arrow)).toEqual([])
  })
})

describe('files', () => {
  test(`have at most ${MAX_LINES} lines`, () => {
    const long = files
      .map(path => ({ path, lines: text(path).split('\n').length - 1 }))
      .filter(each => each.lines > MAX_LINES)
    expect(long).toEqual([])
  })

  test('are no barrels: the sdk alone has an index', () => {
    expect(files.filter(path => /(^|\/)index\.[a-z]+$/.test(path))).toEqual(['sdk/src/index.ts'])
  })

  test('mock no module', () => {
    const call = ['jest', 'mock('].join('.')
    expect(files.filter(path => text(path).includes(call))).toEqual([])
  })

  test('leave the environment to gateway/config.ts', () => {
    const product = files.filter(path => !/^(test|bench|scripts)\//.test(path))
    expect(product.filter(path => text(path).includes('process.env'))).toEqual(['gateway/config.ts'])
  })
})
