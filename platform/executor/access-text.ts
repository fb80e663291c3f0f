import type { Access } from '../scope/scope.ts'

const texts = new WeakMap<Access, string>()

/** An access as JSON; it is the same for the fetches of one request, and written once. */
export function accessText(access: Access): string {
  let text = texts.get(access)
  if (text === undefined) {
    text = JSON.stringify(access)
    texts.set(access, text)
  }
  return text
}
