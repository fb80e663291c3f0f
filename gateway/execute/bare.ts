/**
 * A record without `Object.prototype` behind it: a client's alias or a subgraph's JSON key such as `__proto__` or
 * `constructor` is a key like any other (CVE-2026-32621). Made by a class, because V8 keeps such objects in fast mode,
 * while `Object.create(null)` makes slow dictionaries.
 */
export class Bare {
  [key: string]: unknown
}
Reflect.deleteProperty(Bare.prototype, 'constructor')
Object.setPrototypeOf(Bare.prototype, null)
Object.freeze(Bare.prototype)

/** A JSON object: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
