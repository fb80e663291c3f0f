import { MET_KEY } from '../plan/ast.ts'
import type { Supergraph } from '../plan/supergraph.ts'
import { isRecord } from './bare.ts'
import { Failure } from './failure.ts'

/** Puts what a fetch brought under a key; what is there already stays, and is completed where both are composite. */
export function put(target: Record<string, unknown>, key: string, value: unknown, supergraph: Supergraph): void {
  const present = target[key]
  if (present === value) return
  if (
    present === undefined ||
    present === null ||
    (present instanceof Failure && value !== undefined && value !== null)
  ) {
    if (value !== undefined) target[key] = value
  } else if (
    typeof present === 'object' &&
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Failure)
  ) {
    target[key] = merged(present, value, supergraph)
  }
}

/** Two subgraphs' answers for one place: lists by index, objects by key. */
function merged(present: object, value: object, supergraph: Supergraph): unknown {
  if (Array.isArray(present) && Array.isArray(value)) {
    for (let i = 0; i < Math.min(present.length, value.length); i++) {
      if (isRecord(present[i]) && isRecord(value[i])) present[i] = merged(present[i], value[i], supergraph)
      else present[i] ??= value[i]
    }
    return present
  }
  if (!isRecord(present) || !isRecord(value)) return present
  for (const key of Object.keys(value)) {
    if (key === '__typename') putTypename(present, value[key], supergraph)
    else if (key === MET_KEY) putMet(present, value[key])
    else if (key !== '__proto__') put(present, key, value[key], supergraph)
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
