import { setTimeout as delay } from 'node:timers/promises'
import type { TestGateway } from './gateway.ts'

/** Asks as a consumer until the answer satisfies, for what rooms hear of each other through the log. */
export async function eventually<T>(look: () => Promise<T>, satisfied: (found: T) => boolean, tries = 400): Promise<T> {
  let found = await look()
  for (let i = 0; !satisfied(found) && i < tries; i++) {
    await delay(25)
    found = await look()
  }
  if (!satisfied(found)) throw new Error(`it never came: ${JSON.stringify(found)}`)
  return found
}

let keys = 0

/** Sends a mutation as the operator and returns its payload; a refusal throws. */
export async function change(
  gateway: TestGateway,
  field: string,
  inputType: string,
  selection: string,
  input: Record<string, unknown>
) {
  const document = `mutation Change($input: ${inputType}!) { payload: ${field}(input: $input) { ${selection} userErrors { code message path } } }`
  const { body } = await gateway.ask('operator', document, {
    input: { idempotencyKey: `key-${process.pid}-${++keys}`, ...input }
  })
  const payload = body.data?.['payload'] as (Record<string, unknown> & { userErrors: unknown[] }) | undefined
  if (!payload || payload.userErrors.length) throw new Error(`${field} failed: ${JSON.stringify(body)}`)
  return payload
}

export interface MadeOrder {
  readonly id: string
  readonly lines: readonly { readonly id: string }[]
}

/** A submitted order with a line of acme-bearings, and one of northwind-foods when `mixed`. */
export async function submitOrder(
  gateway: TestGateway,
  channel: string,
  changes: Record<string, unknown> = {}
): Promise<MadeOrder> {
  const payload = await change(gateway, 'submitOrder', 'SubmitOrderInput', 'order { id lines { id } }', {
    channel,
    customer: { externalId: `someone-${channel}`, name: '王芳', phone: '13800001111', region: 'CN-SH', city: '上海' },
    lines: [{ sku: 'BRG-6204', name: 'bearing', quantity: 2, unitPrice: '38.00', supplierId: 'acme-bearings' }],
    shipTo: {
      recipient: '王芳',
      phone: '13800001111',
      line: '南京西路 1 号',
      city: '上海',
      region: 'CN-SH',
      country: 'CN'
    },
    ...changes
  })
  return payload['order'] as MadeOrder
}
