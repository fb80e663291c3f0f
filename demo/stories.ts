import { PLACES, PRODUCTS } from './catalogue.ts'
import type { DemoDoors } from './load.ts'
import { note, personName } from './notes.ts'
import type { Random } from './random.ts'

/** What happens while the demo loads, through the same mutations that everyone uses. */
export async function tellStories(doors: DemoDoors, random: Random, liveOrders: number): Promise<void> {
  await placeOrders(doors, random, liveOrders)
  doors.progress(`${liveOrders} more orders placed and paid`)
  await doors.settle()
  await acknowledgeProduction(doors)
  await returnGoods(doors, random)
  doors.progress('goods returned')
}

interface Payload {
  readonly payload: { readonly userErrors: readonly { code: string; message: string }[] } & Record<string, unknown>
}

/** One mutation; a refusal is a mistake of the demo, and throws. */
async function change<T>(
  doors: DemoDoors,
  field: string,
  inputType: string,
  selection: string,
  input: Record<string, unknown>
): Promise<T> {
  const document = `mutation Demo($input: ${inputType}!) { payload: ${field}(input: $input) { ${selection} userErrors { code message } } }`
  const { payload } = await doors.ask<Payload>(document, { input })
  const refusal = payload.userErrors[0]
  if (refusal) throw new Error(`the demo's ${field} was refused: ${refusal.code} ${refusal.message}`)
  return payload as T
}

async function placeOrders(doors: DemoDoors, random: Random, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const product = PRODUCTS[i % PRODUCTS.length] ?? random.pick(PRODUCTS)
    const { region, city } = random.weighted(PLACES)
    const name = personName(random)
    const text = note(random)
    const input = {
      idempotencyKey: `demo-live-${i}`,
      channel: random.pick(['DOUYIN', 'WECHAT', 'B2B', 'JD'] as const),
      externalId: `live-${i}`,
      number: `L${String(i + 1).padStart(6, '0')}`,
      customer: { externalId: `live-person-${i}`, name, phone: `1390000${String(i).padStart(4, '0')}`, region, city },
      lines: [
        {
          sku: product.sku,
          name: product.name,
          quantity: random.whole(1, 4),
          unitPrice: (product.price / 100).toFixed(2),
          supplierId: product.supplierId
        }
      ],
      shipTo: {
        recipient: name,
        phone: `1390000${String(i).padStart(4, '0')}`,
        line: `示范路 ${i} 号`,
        city,
        region,
        country: 'CN'
      },
      ...(text === undefined ? {} : { note: text })
    }
    const { order } = await change<{ order: { id: string } }>(
      doors,
      'submitOrder',
      'SubmitOrderInput',
      'order { id }',
      input
    )
    await change(doors, 'payOrder', 'PayOrderInput', 'order { id }', {
      idempotencyKey: `demo-pay-${i}`,
      orderId: order.id
    })
  }
}

interface ProductionOrders {
  readonly productionOrders: {
    readonly nodes: readonly {
      id: string
      sku: string
      quantity: number
      requiredBy: string
      status: string
      order: { number: string } | null
    }[]
  }
}

/** Suppliers promise every second production order. */
async function acknowledgeProduction(doors: DemoDoors): Promise<void> {
  const { productionOrders } = await doors.ask<ProductionOrders>(
    '{ productionOrders(first: 100) { nodes { id sku quantity requiredBy status order { number } } } }'
  )
  // By what does not change from one load to the next: ids are random, and a second load finds some acknowledged.
  const known = productionOrders.nodes
    .map(node => ({ ...node, key: `${node.order?.number ?? ''} ${node.sku}` }))
    .sort((a, b) => a.key.localeCompare(b.key))
  const today = new Date().toISOString().slice(0, 10)
  for (const [i, { id, quantity, requiredBy, status }] of known.entries()) {
    if (i % 2 === 1 || status !== 'TRIGGERED') continue
    await change(doors, 'acknowledgeProductionOrder', 'AcknowledgeProductionOrderInput', 'productionOrder { id }', {
      idempotencyKey: `demo-ack-${id}`,
      productionOrderId: id,
      promisedDate: later(requiredBy.slice(0, 10), today),
      quantity
    })
  }
}

function later(a: string, b: string): string {
  return a > b ? a : b
}

interface Found {
  readonly orders: {
    readonly nodes: readonly {
      id: string
      number: string
      status: string
      lines: readonly { id: string; quantity: number }[]
    }[]
  }
}

const REASONS = ['UNWANTED', 'DAMAGED_IN_TRANSIT', 'SIZE_OR_FIT', 'WRONG_ITEM'] as const

/** Some buyers send goods back; service approves most, and some have arrived. */
async function returnGoods(doors: DemoDoors, random: Random): Promise<void> {
  const { orders } = await doors.ask<Found>(
    '{ orders(filter: { status: [COMPLETED] }, orderBy: { field: PLACED_AT, direction: DESC }, first: 100) { nodes { id number status lines { id quantity } } } }'
  )
  const asked: string[] = []
  for (const { id, lines } of orders.nodes.slice(0, 60)) {
    const line = lines[0]
    if (!line) continue
    const made = await change<{ return: { id: string } }>(
      doors,
      'requestReturn',
      'RequestReturnInput',
      'return { id }',
      {
        idempotencyKey: `demo-return-${id}`,
        orderId: id,
        reason: random.pick(REASONS),
        lines: [{ lineId: line.id, quantity: 1 }]
      }
    )
    asked.push(made.return.id)
  }
  await doors.settle()
  for (const [i, returnId] of asked.entries()) {
    if (i % 4 === 3) continue
    const step = i % 8 === 6 ? 'decline' : 'approve'
    const field = `${step}Return`
    await change(doors, field, `${step === 'decline' ? 'Decline' : 'Approve'}ReturnInput`, 'return { id }', {
      idempotencyKey: `demo-${step}-${returnId}`,
      returnId
    })
    if (step === 'approve' && i % 2 === 0) {
      await change(doors, 'receiveReturn', 'ReceiveReturnInput', 'return { id }', {
        idempotencyKey: `demo-receive-${returnId}`,
        returnId
      })
    }
  }
}
