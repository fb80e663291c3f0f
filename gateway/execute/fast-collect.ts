import { collect, type Path } from '../plan/paths.ts'
import { COLD, generate } from './generate.ts'

/** Finds every object at one path, once. */
export type Collect = (data: unknown) => readonly Record<string, unknown>[]

/** Longer paths are walked step by step. */
const MAX_STEPS = 48

/** Finds what stands at a path; one that is walked again and again gets code of its own. */
export function compileCollect(path: Path): Collect {
  let runs = 0
  let compiled: Collect | null = null
  return data => {
    if (!compiled && ++runs > COLD.runs && path.length <= MAX_STEPS) compiled = straight(path)
    return compiled ? compiled(data) : collect(data, path)
  }
}

/** One function a step, so that each step reads objects of a shape that it has seen before. */
function straight(path: Path): Collect {
  const functions = path.map((step, i) => {
    const next = `s${i + 1}`
    const items = step.kind === 'list' ? next : `s${i}`
    return [
      `function s${i}(v, found, seen) {`,
      'if (typeof v !== "object" || v === null) return',
      `if (Array.isArray(v)) { for (let i = 0; i < v.length; i++) ${items}(v[i], found, seen); return }`,
      ...(step.kind === 'type' ? [`if (!steps[${i}].typenames.has(v.__typename)) return`] : []),
      ...(step.kind === 'field' ? [`const inner = v[${JSON.stringify(step.key)}]`] : []),
      ...(step.kind === 'field' && step.shared
        ? ['if (seen.has(inner)) return', 'if (typeof inner === "object") seen.add(inner)']
        : []),
      `${next}(${step.kind === 'field' ? 'inner' : 'v'}, found, seen)`,
      '}'
    ].join('\n')
  })
  const source = [
    ...functions,
    `function s${path.length}(v, found, seen) {`,
    'if (typeof v !== "object" || v === null) return',
    `if (Array.isArray(v)) { for (let i = 0; i < v.length; i++) s${path.length}(v[i], found, seen); return }`,
    'found.push(v)',
    '}',
    `return function collect(data) { const found = []; s0(data, found, ${path.some(s => s.kind === 'field' && s.shared) ? 'new Set()' : 'null'}); return found }`
  ]
  return generate<Collect>({ steps: path }, source.join('\n'))
}
