/** Values as JSON text. */

/** JSON's null. No other value has this text. */
export const NULL = 'null'

/** All but quotation mark, backslash, control characters, and surrogates, which are escaped when they stand alone. */
const ESCAPED = /[^\u0020\u0021\u0023-\u005b\u005d-\ud7ff\ue000-\uffff]/

/** A string as JSON. */
export function quoted(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`
}

/** Any value as JSON; what JSON has no word for is null. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? NULL
}
