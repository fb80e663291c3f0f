import type { Path } from '../plan/paths.ts'
import type { Contextual, EntityGroup } from '../plan/steps.ts'
import { Failure, fail, WITHHELD } from './failure.ts'
import { type Gathered, Gathering } from './gather.ts'

type Row = Record<string, unknown>

/** Rows that are told the same from around them. */
export interface Told {
  readonly values: readonly unknown[]
  readonly batch: Gathered
}

/** Finds the rows of a group, and parts them by what they are told; those of which it did not come are not asked for. */
export function gatherContextual(group: EntityGroup, { values: sources }: Contextual, data: Row): readonly Told[] {
  const told = new Map<string, { readonly values: readonly unknown[]; readonly gathering: Gathering }>()
  const depths = [...new Set(sources.map(({ depth }) => depth))]
  for (const path of group.paths) {
    visit(data, path, depths, (row, around) => {
      const values: unknown[] = []
      for (const { depth, read } of sources) {
        const object = around.get(depth)
        const value = object && read(object)
        if (value === undefined || value instanceof Failure) {
          fail(row, group.keys, value instanceof Failure ? value.at([]) : WITHHELD)
          return
        }
        values.push(value)
      }
      const key = JSON.stringify(values)
      const same = told.get(key) ?? { values, gathering: new Gathering(group) }
      told.set(key, same)
      same.gathering.add(row)
    })
  }
  return [...told.values()]
    .map(({ values, gathering }) => ({ values, batch: gathering.gathered }))
    .filter(({ batch }) => batch.representations.length > 0)
}

/** Visits every row at a path, with the objects that stand around it at some depths of the path. */
function visit(
  data: Row,
  path: Path,
  depths: readonly number[],
  visitor: (row: Row, around: ReadonlyMap<number, Row>) => void
): void {
  const around = new Map<number, Row>()
  const walk = (value: unknown, i: number): void => {
    if (typeof value !== 'object' || value === null || value instanceof Failure) return
    const step = path[i]
    if (Array.isArray(value)) {
      for (const item of value) walk(item, step?.kind === 'list' ? i + 1 : i)
      return
    }
    const object = value as Row
    if (depths.includes(i)) around.set(i, object)
    if (step === undefined) visitor(object, around)
    else if (step.kind === 'field') walk(object[step.key], i + 1)
    else if (step.kind === 'list') walk(object, i + 1)
    else if (step.typenames.has(object['__typename'] as string)) walk(object, i + 1)
  }
  walk(data, 0)
}
