import { COLD, generate } from './generate.ts'

type Row = Record<string, unknown>

/** Gives a target all that its entity brings when it has none of it yet; false = it has, or not all came, and nothing was done. */
export type Fill = (target: Row, entity: Readonly<Row>) => boolean

const MAX_KEYS = 32

/** Fills the keys that an entity brings: nearly every target is completed by one fetch alone. */
export function compileFill(keys: readonly string[]): Fill {
  let targets = 0
  let compiled: Fill | null = null
  return (target, entity) => {
    if (!compiled && ++targets > COLD.targets && keys.length <= MAX_KEYS) compiled = straight(keys)
    if (compiled) return compiled(target, entity)
    if (keys.some(key => target[key] !== undefined || entity[key] === undefined)) return false
    for (const key of keys) target[key] = entity[key]
    return true
  }
}

function straight(keys: readonly string[]): Fill {
  const names = keys.map(key => JSON.stringify(key))
  const source = [
    'return function fill(target, entity) {',
    ...names.map((name, i) => `const v${i} = entity[${name}]`),
    ...names.map((name, i) => `if (v${i} === undefined || target[${name}] !== undefined) return false`),
    ...names.map((name, i) => `target[${name}] = v${i}`),
    'return true',
    '}'
  ]
  return generate<Fill>({}, source.join('\n'))
}
