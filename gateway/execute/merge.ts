import { MET_KEY } from '../plan/ast.ts'
import type { Supergraph } from '../plan/supergraph.ts'
import { isRecord } from './bare.ts'
import { Failure } from './failure.ts'

/** Puts what a fetch brought under a key; what is there already stays, and is completed where both are composite. */
export function put(target: Record<string, unknown>, key: string, value: unknown, supergraph: Supergraph): void {
  const present = target[key]
  if (present === value || value === undefined) return
  const both = together(present, value, supergraph)
  if (both !== present) target[key] = both
}

/** Two subgraphs' answers for one place: lists by index, objects by key; otherwise what is not null, or failed first. */
function together(present: unknown, value: unknown, supergraph: Supergraph): unknown {
  if (present === undefined || present === null) return value
  if (value === undefined || value === null) return present
  if (present instanceof Failure) return value
  if (typeof present !== 'object' || value instanceof Failure) return present
  if (Array.isArray(present)) {
    if (!Array.isArray(value)) return present
    const length = Math.min(present.length, value.length)
    for (let i = 0; i < length; i++) present[i] = together(present[i], value[i], supergraph)
    return present
  }
  if (!isRecord(value)) return present
  const object = present as Record<string, unknown>
  for (const key of Object.keys(value)) {
    if (key === '__typename') putTypename(object, value[key], supergraph)
    else if (key === MET_KEY) putMet(object, value[key])
    else if (key !== '__proto__') put(object, key, value[key], supergraph)
  }
  return present
}

/** A row's own type is better than the interface under which another subgraph knows it. */
export function putTypename(target: Record<string, unknown>, typename: unknown, supergraph: Supergraph): void {
  const present = target['__typename']
  if (typeof typename !== 'string' || (typeof present === 'string' && supergraph.isObject(present))) return
  target['__typename'] = typename
}

/** Rights of a row hold as far as every room that was asked agrees; a room that does not say grants none. */
export function putMet(target: Record<string, unknown>, bits: unknown): void {
  const present = target[MET_KEY]
  const met = typeof bits === 'number' ? bits : 0
  target[MET_KEY] = typeof present === 'number' ? present & met : met
}

/** A copy that nothing else refers to. */
export function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied)
  if (!isRecord(value) || value instanceof Failure) return value
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) if (key !== '__proto__') copy[key] = copied(value[key])
  return copy
}
