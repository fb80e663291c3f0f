import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compose, SUPERGRAPH_FILE } from '../gateway/compose.ts'
import { packageRoot } from '../platform/root.ts'
import { GENERATED_FILE, generateSdk } from '../sdk/codegen/generate.ts'

const directory = join(packageRoot, 'schema')

let composed: Readonly<Record<string, string>>
beforeAll(async () => {
  composed = await compose()
})

describe('generated files are fresh (npm run generate)', () => {
  test('schema/ has what the subgraphs compose to, and nothing else', async () => {
    expect((await readdir(directory)).sort()).toEqual(Object.keys(composed).sort())
    for (const [name, text] of Object.entries(composed)) {
      expect(await readFile(join(directory, name), 'utf8')).toBe(text)
    }
  })

  test('the sdk has the types of its operations against that schema', async () => {
    expect(await readFile(GENERATED_FILE, 'utf8')).toBe(await generateSdk(composed[SUPERGRAPH_FILE] ?? ''))
  })
})
