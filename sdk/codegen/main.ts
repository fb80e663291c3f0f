import { readFile, writeFile } from 'node:fs/promises'
import { GENERATED_FILE, generateSdk } from './generate.ts'

const supergraph = await readFile(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8')
await writeFile(GENERATED_FILE, await generateSdk(supergraph))
