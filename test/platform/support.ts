import type { Access } from '../../platform/scope/scope.ts'

/** A caller who may do nothing but what the test says. */
export function accessOf(over: Partial<Access> = {}): Access {
  return {
    company: 'demo',
    consumer: 'acme-bearings',
    party: 'acme-bearings',
    claims: {},
    read: {},
    write: {},
    readAfter: null,
    language: 'en',
    ...over
  }
}
