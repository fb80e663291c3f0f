import type { FetchNodePathSegment, FetchRewrite } from '@graphql-hive/router-query-planner'
import { isRecord } from '../execute/bare.ts'
import { Failure } from '../execute/failure.ts'
import { expand } from './paths.ts'
import type { Supergraph } from './supergraph.ts'

/** Changes a representation or an answer in place. */
export type Rewrite = (value: unknown) => void

type Segment = { readonly key: string } | { readonly typenames: ReadonlySet<string> }
type Change = (object: Record<string, unknown>, key: string) => void

/** Compiles the planner's rewrites; null when there are none. */
export function compileRewrites(rewrites: readonly FetchRewrite[] | undefined, supergraph: Supergraph): Rewrite | null {
  if (!rewrites?.length) return null
  const compiled = rewrites.map(rewrite => compileRewrite(rewrite, supergraph))
  return value => {
    for (const apply of compiled) apply(value)
  }
}

/** Which keys of the outermost object rewrites rename, from what to what. */
export function topRenames(rewrites: readonly FetchRewrite[] | undefined): readonly (readonly [string, string])[] {
  return (rewrites ?? []).flatMap(rewrite => {
    if (!('KeyRenamer' in rewrite)) return []
    const { path, renameKeyTo } = rewrite.KeyRenamer
    const [key, ...deeper] = path.flatMap(segment => ('Key' in segment ? [segment.Key] : []))
    return key !== undefined && deeper.length === 0 ? [[key, renameKeyTo] as const] : []
  })
}

function compileRewrite(rewrite: FetchRewrite, supergraph: Supergraph): Rewrite {
  if ('KeyRenamer' in rewrite) {
    const { path, renameKeyTo } = rewrite.KeyRenamer
    return at(segments(path, supergraph), (object, key) => {
      if (!Object.hasOwn(object, key)) return
      object[renameKeyTo] = object[key]
      delete object[key]
    })
  }
  const { path, setValueTo } = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite
  return at(segments(path, supergraph), (object, key) => {
    object[key] = setValueTo
  })
}

function segments(path: readonly FetchNodePathSegment[], supergraph: Supergraph): readonly Segment[] {
  return path.map(segment =>
    'Key' in segment ? { key: segment.Key } : { typenames: expand(segment.TypenameEquals, supergraph) }
  )
}

function at(path: readonly Segment[], change: Change): Rewrite {
  const walk = (value: unknown, i: number): void => {
    if (Array.isArray(value)) {
      for (const item of value) walk(item, i)
      return
    }
    const segment = path[i]
    if (!isRecord(value) || value instanceof Failure || !segment) return
    if ('typenames' in segment) {
      const typename = value['__typename']
      if (typeof typename !== 'string' || segment.typenames.has(typename)) walk(value, i + 1)
    } else if (i === path.length - 1) change(value, segment.key)
    else if (Object.hasOwn(value, segment.key)) walk(value[segment.key], i + 1)
  }
  return value => walk(value, 0)
}
