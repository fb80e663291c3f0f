import { createHash } from 'node:crypto'
import type { View } from '../../policies/view.ts'
import { apiSchema } from '../plan/api-schema.ts'

/** What `--open` shows: the whole public schema of a supergraph, nothing masked, and no authority over rows. */
export function openView(supergraphSdl: string, schema = apiSchema(supergraphSdl)): View {
  const access = { read: {}, write: {} }
  return {
    id: `open-${createHash('sha256').update(supergraphSdl).digest('hex').slice(0, 16)}`,
    party: 'open',
    schema,
    masks: new Map(),
    cells: new Map(),
    access: () => access
  }
}
