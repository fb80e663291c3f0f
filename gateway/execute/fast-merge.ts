import { generate } from './generate.ts'

/** Gives a target all of an entity's values when it has none of them yet; false = it has, and nothing was done. */
export type Fill = (target: Record<string, unknown>, values: readonly unknown[]) => boolean

/** Targets that are filled in a loop before their keys are worth a function of their own. */
const COLD_TARGETS = 200
const MAX_KEYS = 32

/** Fills the keys that an entity brings: nearly every target is completed by one fetch alone. */
export function compileFill(keys: readonly string[]): Fill {
  let targets = 0
  let compiled: Fill | null = null
  return (target, values) => {
    if (compiled) return compiled(target, values)
    if (++targets > COLD_TARGETS && keys.length <= MAX_KEYS) compiled = straight(keys)
    if (keys.some(key => target[key] !== undefined)) return false
    for (const [i, key] of keys.entries()) target[key] = values[i]
    return true
  }
}

function straight(keys: readonly string[]): Fill {
  const places = keys.map(key => `t[${JSON.stringify(key)}]`)
  const source = [
    'return function fill(t, values) {',
    `if (${places.map(place => `${place} !== undefined`).join(' || ') || false}) return false`,
    ...places.map((place, i) => `${place} = values[${i}]`),
    'return true',
    '}'
  ]
  return generate<Fill>({}, source.join('\n'))
}
