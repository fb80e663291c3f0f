import type { RouterClient } from '../../platform/router-client/router-client.ts'

const NOTE = 'query RoutingNote($id: ID!) { order(id: $id) { note } }'

interface Answer {
  readonly order: { readonly note: string | null } | null
}

/**
 * The order's note, asked of the router under this room's own contract (semantics W6). Null when it was erased since.
 * Throws when the order is not shown to this room: its contract is then wrong, and the reader says so.
 */
export async function fetchNote(router: RouterClient, orderId: string): Promise<string | null> {
  const { order } = await router.query<Answer>(NOTE, { id: orderId })
  if (order === null)
    throw new Error(`the router shows no order ${orderId} to routing; look at the contract sales → routing`)
  return order.note
}
