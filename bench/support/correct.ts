import { isDeepStrictEqual } from 'node:util'
import type { Operation } from '../federation/operations.ts'
import type { Answer } from './load.ts'

/** Says how an answer differs from the right one; null when it is right. The order of an object's keys is free. */
export function wrong({ status, text }: Pick<Answer, 'status' | 'text'>, { expected }: Operation): string | null {
  if (status !== 200) return `status ${status}: ${text().slice(0, 300)}`
  let answer: { readonly data?: unknown; readonly errors?: unknown }
  try {
    answer = JSON.parse(text())
  } catch {
    return `no JSON: ${text().slice(0, 300)}`
  }
  if (answer.errors) return `errors: ${JSON.stringify(answer.errors).slice(0, 300)}`
  const { data } = expected as { readonly data: unknown }
  return isDeepStrictEqual(answer.data, data) ? null : difference(answer.data, data, 'data')
}

function difference(got: unknown, wanted: unknown, path: string): string {
  if (isObject(got) && isObject(wanted)) {
    for (const key of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
      if (!isDeepStrictEqual(got[key], wanted[key])) return difference(got[key], wanted[key], `${path}.${key}`)
    }
  }
  const show = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 120)
  return `${path} is ${show(got)}, not ${show(wanted)}`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
