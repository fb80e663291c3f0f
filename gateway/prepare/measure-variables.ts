import { isRecord } from '../execute/bare.ts'
import type { Limits } from './limits.ts'
import { limitExceeded, refuse } from './request-error.ts'

/** A character of JSON takes at most three bytes of UTF-8 for each unit of UTF-16, or six when it is escaped. */
const MAX_BYTES_PER_UNIT = 6

/**
 * Holds variables to the limits of bytes, items and depth, without recursion. Throws RequestError OPERATION_LIMIT, and
 * BAD_USER_INPUT for a number that JSON cannot say: `1e400` would silently become null on its way to a subgraph.
 */
export function measureVariables(given: Readonly<Record<string, unknown>>, limits: Limits): void {
  let units = 0
  let variables = 0
  for (const name in given) {
    if (++variables > limits.listItems) {
      throw limitExceeded('listItems', `The request has more than ${limits.listItems} variables; send fewer at a time.`)
    }
    const value = given[name]
    units += name.length + 4 + (isObject(value) ? measured(name, value, limits) : unitsOf(name, value))
  }
  // Counting exactly costs as much as writing it all once more, so only what may be too long is counted.
  if (units * MAX_BYTES_PER_UNIT <= limits.variableBytes) return
  if (Buffer.byteLength(JSON.stringify(given)) > limits.variableBytes) {
    throw limitExceeded(
      'variableBytes',
      `The variables are larger than ${limits.variableBytes} bytes; send less at a time.`
    )
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** UTF-16 units of a list or object as JSON, at least about; level by level. */
function measured(name: string, value: object, limits: Limits): number {
  let units = 0
  let level: readonly object[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= limits.variableDepth)
      throw limitExceeded('variableDepth', `Variable "$${name}" is nested deeper than ${limits.variableDepth} levels.`)
    const next: object[] = []
    for (const item of level) {
      const add = (child: unknown) => {
        if (isObject(child)) next.push(child)
        else units += unitsOf(name, child)
      }
      // Not in one expression: what `add` counts meanwhile would be lost.
      const keys = open(name, item, add, limits)
      units += 2 + keys
    }
    level = next
  }
  return units
}

/** Shows what a list or object holds to `add`; gives the units of its keys. */
function open(name: string, item: object, add: (child: unknown) => void, { listItems }: Limits): number {
  if (Array.isArray(item)) {
    if (item.length > listItems) throw tooMany(name, listItems)
    for (const child of item) add(child)
    return item.length
  }
  if (!isRecord(item)) return 0
  let units = 0
  let count = 0
  for (const key in item) {
    if (++count > listItems) throw tooMany(name, listItems)
    units += key.length + 4
    add(item[key])
  }
  return units
}

function unitsOf(name: string, value: unknown): number {
  if (typeof value === 'string') return value.length + 3
  if (typeof value !== 'number') return 6
  if (!Number.isFinite(value)) throw refuse('BAD_USER_INPUT', `Variable "$${name}" holds a number that is too large.`)
  return 24
}

function tooMany(name: string, listItems: number): Error {
  return limitExceeded(
    'listItems',
    `Variable "$${name}" holds more than ${listItems} items in one list; send fewer at a time.`
  )
}
