import type { Access } from '../../../platform/scope/scope.ts'
import { returns } from '../../../subgraphs/returns/subgraph.ts'
import { startTestRoom, type TestEvent, type TestRoom } from '../../support/room.ts'

export type ReturnsRoom = TestRoom<Awaited<ReturnType<typeof returns.start>>>

export const startReturns = (options?: Parameters<typeof startTestRoom>[1]): Promise<ReturnsRoom> =>
  startTestRoom(returns, options)

/** `order.submitted` of two lines: three bearings of acme, one filter of orient. */
export function orderSubmitted(orderId = 'ord_1', over: Partial<TestEvent> = {}): TestEvent {
  return {
    type: 'order.submitted',
    aggregate: { type: 'order', id: orderId },
    keys: {
      orderId,
      channel: 'TAOBAO',
      customerId: 'cus_1',
      supplierIds: ['acme-bearings', 'orient-filters'],
      region: 'Shanghai'
    },
    data: {
      from: null,
      to: 'AWAITING_PAYMENT',
      lines: [
        {
          lineId: `${orderId}-a`,
          sku: 'B1',
          category: null,
          quantity: 3,
          supplierId: 'acme-bearings',
          unitPrice: 1990
        },
        {
          lineId: `${orderId}-b`,
          sku: 'F1',
          category: 'filters',
          quantity: 1,
          supplierId: 'orient-filters',
          unitPrice: 5000
        }
      ],
      total: 10_970,
      currency: 'CNY',
      placedAt: '2026-03-01T01:00:00.000Z',
      hasNote: false,
      backfill: false
    },
    ...over
  }
}

let answers = 1

/** How orders answers a request in the log. */
export function orderAnswered(
  answer: 'accepted' | 'refused',
  returnId: string,
  { orderId = 'ord_1', reason }: { orderId?: string; reason?: string } = {}
): TestEvent {
  answers += 1
  return orderSubmitted(orderId, {
    type: `order.return-${answer}`,
    version: answers,
    data: { returnId, ...(reason !== undefined && { reason }) }
  })
}

export const FIELDS = `id order { id } lines { lineId quantity } reason note status refusalReason declineReason requestedAt version`

export interface ReturnData {
  readonly id: string
  readonly order: { readonly id: string }
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[]
  readonly reason: string
  readonly note: string | null
  readonly status: string
  readonly refusalReason: string | null
  readonly declineReason: string | null
  readonly requestedAt: string
  readonly version: number
}

export interface PayloadData {
  readonly return: ReturnData | null
  readonly userErrors: readonly {
    readonly code: string
    readonly message: string
    readonly path: readonly string[] | null
  }[]
}

let keys = 0

/** Calls one mutation of returns with a fresh idempotency key and gives its payload. */
export async function mutate(
  t: ReturnsRoom,
  mutation: 'requestReturn' | 'approveReturn' | 'declineReturn' | 'receiveReturn',
  input: Readonly<Record<string, unknown>>,
  access?: Access
): Promise<PayloadData & { readonly position: number | undefined }> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
  keys += 1
  const answer = await t.execute<Record<string, PayloadData>>(
    `mutation ($input: ${type}!) { payload: ${mutation}(input: $input) { return { ${FIELDS} } userErrors { code message path } } }`,
    { input: { idempotencyKey: `key-${keys}`, ...input } },
    access
  )
  const payload = answer.data?.['payload']
  if (!payload) throw new Error(`${mutation}: ${JSON.stringify(answer.errors)}`)
  return { ...payload, position: answer.extensions.position }
}

/** Requests two bearings back and gives the return. */
export async function requested(t: ReturnsRoom, over: Readonly<Record<string, unknown>> = {}): Promise<ReturnData> {
  const lines = [{ lineId: 'ord_1-a', quantity: 2 }]
  const { return: row, userErrors } = await mutate(t, 'requestReturn', {
    orderId: 'ord_1',
    lines,
    reason: 'DEFECTIVE',
    ...over
  })
  if (!row) throw new Error(`no return: ${JSON.stringify(userErrors)}`)
  return row
}

/** The return as it now is. */
export async function read(t: ReturnsRoom, id: string, access?: Access): Promise<ReturnData | null> {
  const answer = await t.execute<{ return: ReturnData | null }>(
    `query ($id: ID!) { return(id: $id) { ${FIELDS} } }`,
    { id },
    access
  )
  if (!answer.data) throw new Error(JSON.stringify(answer.errors))
  return answer.data.return
}
