import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SETTINGS_SCHEMA } from '../gateway/settings-schema.ts'

/** Writes the schema of the settings file for editors. */
const root = join(import.meta.dirname, '..')
const file = join(root, 'docs', 'settings.schema.json')
writeFileSync(file, JSON.stringify(SETTINGS_SCHEMA))
execFileSync(join(root, 'node_modules', '.bin', 'biome'), ['format', '--write', file], { stdio: 'ignore' })
