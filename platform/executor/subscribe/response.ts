import { Fault } from '../../errors.ts'
import type { SubgraphResponse } from '../executor.ts'

/** An event's answer. Throws Fault SUBGRAPH_UNAVAILABLE when the subgraph sent no GraphQL response. */
export function responseOf(value: unknown, subgraph: string): SubgraphResponse {
  const [data, errors, extensions] = ['data', 'errors', 'extensions'].map(name => member(value, name))
  const isData = data === null || isObject(data)
  const said = areErrors(errors)
  if ((isData || (said && data === undefined)) && (said || errors === undefined || errors === null)) {
    return {
      data: isObject(data) ? data : null,
      ...(said && { errors }),
      ...(isObject(extensions) && { extensions })
    }
  }
  throw unavailable(subgraph, `${subgraph} sent an event that is no GraphQL response.`)
}

/** The JSON value of a text; undefined when it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function unavailable(subgraph: string, message: string, cause?: unknown): Fault {
  return new Fault('SUBGRAPH_UNAVAILABLE', message, { subgraph }, { cause })
}

/** A member of the value's own; undefined when there is none: the value is the subgraph's. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areErrors(value: unknown): value is NonNullable<SubgraphResponse['errors']> {
  return Array.isArray(value) && value.every(isError)
}

function isError(value: unknown): boolean {
  const path = member(value, 'path')
  return typeof member(value, 'message') === 'string' && (path === undefined || path === null || Array.isArray(path))
}
