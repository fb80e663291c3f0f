import type { Group, Selected, SelectedRows } from './group.ts'
import type { PlanPath } from './plan-node.ts'
import { areAlike } from './write-fetch.ts'

/** Groups that bring something, with those that can be one fetch made one. */
export function mergedGroups(groups: readonly Group[]): readonly Group[] {
  const used = withoutIdle(groups)
  const needed = new Set([...used].flatMap(group => [...group.after]))
  const levels = levelsOf(used)
  const instead = new Map<Group, Group>()
  for (const alike of byPlace(used).values()) {
    // What is fetched later takes along what nobody waits for; so no group has to run at another time than before.
    const late = [...alike].sort((a, b) => (levels.get(b) ?? 0) - (levels.get(a) ?? 0))
    const kept: Group[] = []
    for (const group of late) {
      const into = kept.find(other => {
        if (levels.get(other) !== levels.get(group) && needed.has(group)) return false
        return mayTell(other, group) && isForAll(other, group)
      })
      if (!into) kept.push(group)
      else {
        merge(into, group)
        if (needed.has(group)) needed.add(into)
        instead.set(group, into)
        used.delete(group)
      }
    }
  }
  for (const group of used) {
    for (const before of [...group.after]) {
      const merged = instead.get(before)
      if (!merged) continue
      group.after.delete(before)
      group.after.add(merged)
    }
  }
  return [...used]
}

/** A way that was tried and led nowhere leaves groups of which nobody wants anything. */
function withoutIdle(groups: readonly Group[]): Set<Group> {
  const waiting = new Map<Group, number>()
  const count = (group: Group, by: number) => waiting.set(group, (waiting.get(group) ?? 0) + by)
  for (const group of groups) for (const before of group.after) count(before, 1)
  const used = new Set(groups)
  // A group is made after those that it needs.
  for (const group of [...groups].reverse()) {
    if ((waiting.get(group) ?? 0) > 0 || !isEmpty(group.rows)) continue
    used.delete(group)
    for (const before of group.after) count(before, -1)
  }
  return used
}

function isEmpty(rows: SelectedRows): boolean {
  return [...rows.byType.values()].every(({ fields, typename }) => fields.size === 0 && !typename)
}

/** Groups that ask one subgraph for rows of one place, whatever their types. */
function byPlace(groups: Iterable<Group>): ReadonlyMap<string, readonly Group[]> {
  const places = new Map<string, Group[]>()
  for (const group of groups) {
    const key = JSON.stringify([group.subgraph, group.kind, withoutType(group.path), group.surroundings])
    const others = places.get(key)
    if (others) others.push(group)
    else places.set(key, [group])
  }
  return places
}

function mayTell(a: Group, b: Group): boolean {
  return [...b.requires.values()].every(required => a.mayTell(required))
}

/** Rows of several types that are asked for as one: what is selected of some of them must be selected of all. */
function isForAll(a: Group, b: Group): boolean {
  const same = [...a.requires.keys()].sort().join() === [...b.requires.keys()].sort().join()
  return same || ![...a.rows.byType.keys()].some(typename => b.rows.byType.has(typename)) || areAlike(a.rows, b.rows)
}

function withoutType(path: PlanPath): PlanPath {
  return path.at(-1)?.kind === 'type' ? path.slice(0, -1) : path
}

function merge(into: Group, from: Group): void {
  for (const required of from.requires.values()) into.tell(required)
  for (const group of from.after) into.after.add(group)
  mergeRows(into.rows, from.rows)
  const [a, b] = [into.path.at(-1), from.path.at(-1)]
  if (a?.kind === 'type' && b?.kind === 'type') {
    const conditions = [...new Set([...a.conditions, ...b.conditions])].sort()
    into.path = [...into.path.slice(0, -1), { kind: 'type', conditions }]
  } else into.path = withoutType(into.path)
}

function mergeRows(into: SelectedRows, from: SelectedRows): void {
  for (const [typename, selected] of from.byType) mergeSelected(into.of(typename), selected)
}

function mergeSelected(into: Selected, from: Selected): void {
  if (into === from) return
  if (from.typename) into.typename = true
  for (const [key, field] of from.fields) {
    const known = into.fields.get(key)
    if (!known) into.fields.set(key, field)
    else if (known.inner && field.inner && known.inner !== field.inner) mergeRows(known.inner, field.inner)
  }
}

/** How many fetches come before each group, one after the other. */
export function levelsOf(groups: Iterable<Group>): ReadonlyMap<Group, number> {
  const levels = new Map<Group, number>()
  const level = (group: Group): number => {
    const known = levels.get(group)
    if (known !== undefined) return known
    let highest = -1
    for (const before of group.after) highest = Math.max(highest, level(before))
    levels.set(group, highest + 1)
    return highest + 1
  }
  for (const group of groups) level(group)
  return levels
}
