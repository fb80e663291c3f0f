import { dirname, resolve } from 'node:path'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { canForward } from '../platform/executor/headers.ts'
import { describeProblem, type Path, type Problem, reporter } from '../policies/problem.ts'
import { ConfigError } from './config.ts'
import { DEFAULT_SETTINGS, type Settings, type SubgraphSettings, subgraphSettings } from './settings.ts'
import { SETTINGS_SCHEMA } from './settings-schema.ts'
import { parseYaml, readYaml, type YamlSource } from './yaml-source.ts'

/** A part of the settings, as a file says it. */
type Given = Readonly<Record<string, unknown>>

/** The settings of a YAML file over the defaults. Throws ConfigError: file, line and key of the first mistake, and its remedy. */
export async function readSettings(path: string): Promise<Settings> {
  const source = await readYaml(path, path).catch(() => {
    throw new ConfigError(`cannot read the settings file ${path}`)
  })
  return settingsFrom(source, dirname(resolve(path)))
}

/** The same from text; paths in it start from `directory`. */
export function settingsFromText(text: string, file: string, directory: string): Settings {
  return settingsFrom(parseYaml(text, file), directory)
}

/** The same from a value that a program made, over defaults of its own; `name` is what mistakes are said to be in. */
export function settingsFromValue(value: unknown, name: string, defaults: Settings): Settings {
  return settingsFrom({ file: name, value, problems: [], line: () => null }, process.cwd(), defaults)
}

function settingsFrom(source: YamlSource, directory: string, defaults = DEFAULT_SETTINGS): Settings {
  refuse(source.problems)
  // An empty file, or one of comments alone, says nothing.
  const given = source.value ?? {}
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true, verbose: true }).compile<Given>(SETTINGS_SCHEMA)
  const problems: Problem[] = []
  const report = reporter(source, problems)
  if (!validate(given)) for (const error of validate.errors ?? []) report.error(...explain(error))
  else for (const path of unforwardable(given)) report.error(path, 'this header cannot be sent on', 'Remove it')
  refuse(problems)
  return merged(given as Given, directory, defaults)
}

function refuse([problem]: readonly Problem[]): void {
  if (problem) throw new ConfigError(describeProblem(problem))
}

function explain(error: ErrorObject): [Path, string, string] {
  const steps = error.instancePath.split('/').slice(1)
  const path: Path = steps.map(step =>
    /^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')
  )
  const params: Given = error.params
  if (error.keyword === 'additionalProperties') {
    const key = String(params['additionalProperty'])
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {})
    return [[...path, key], 'there is no such setting', `Remove it, or use one of ${known.join(', ')}`]
  }
  if (error.keyword === 'enum') {
    const values = params['allowedValues'] as readonly unknown[]
    return [path, 'is not one of its values', `Use ${values.join(' or ')}`]
  }
  return [path, (error.message ?? 'is wrong').replace(/"/g, ''), 'Correct it; docs/router.md lists every setting']
}

/** Headers that belong to one connection or to the router itself, by their places. */
function unforwardable({ subgraphs = {} }: Given): readonly Path[] {
  return Object.entries(subgraphs as Readonly<Record<string, Partial<SubgraphSettings>>>).flatMap(
    ([name, { forwardHeaders = [] }]) =>
      forwardHeaders.flatMap((header, index) =>
        canForward(header) ? [] : [['subgraphs', name, 'forwardHeaders', index]]
      )
  )
}

function merged(given: Given, directory: string, defaults: Settings): Settings {
  const { subgraphs = {}, documents, ...rest } = given as { readonly subgraphs?: Given; readonly documents?: Given }
  const base = over(defaults, { ...rest, ...(documents && { documents }) })
  const { manifest } = base.documents
  return {
    ...base,
    documents: { ...base.documents, manifest: manifest === null ? null : resolve(directory, manifest) },
    subgraphs: mergedSubgraphs(subgraphs, defaults)
  }
}

function mergedSubgraphs(given: Given, defaults: Settings): Settings['subgraphs'] {
  const every = over(subgraphSettings(defaults, '*'), (given['*'] ?? {}) as Given)
  const subgraphs: Record<string, SubgraphSettings> = Object.assign(Object.create(null), { '*': every })
  for (const [name, own] of Object.entries(given)) if (name !== '*') subgraphs[name] = over(every, own as Given)
  return subgraphs
}

/** `given` laid over `base`, object by object; lists and plain values replace what was there. */
function over<T extends object>(base: T, given: Given): T {
  const result = { ...base } as Record<string, unknown>
  for (const [key, value] of Object.entries(given)) {
    const before = result[key]
    result[key] = isObject(before) && isObject(value) ? over(before, value) : value
  }
  return result as T
}

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
