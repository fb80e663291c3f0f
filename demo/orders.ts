import type { ImportedOrder } from '../subgraphs/orders/subgraph.ts'
import { CARRIERS, PLACES, PRODUCTS } from './catalogue.ts'
import { note, personName } from './notes.ts'
import type { Random } from './random.ts'

export const COMPANY = 'demo'
/** The channel account of the consumer `customer-1001`, whose claim in `policies/consumers.yaml` names the id. */
export const DEMO_CUSTOMER = { id: 'cus_demo1001', channel: 'WECHAT', externalId: 'customer-1001' } as const

const DAYS = 90
const CUSTOMERS = 700
const HOUR = 3_600_000

type Channel = ImportedOrder['channel']

const CHANNELS: readonly (readonly [Channel, number])[] = [
  ['DOUYIN', 24],
  ['TAOBAO', 22],
  ['JD', 16],
  ['PINDUODUO', 14],
  ['WECHAT', 12],
  ['B2B', 7],
  ['DIRECT', 5]
]

/** Orders with their past, ending at `anchor` (milliseconds): the same seed and anchor give the same orders. */
export function pastOrders(random: Random, count: number, anchor: number): readonly ImportedOrder[] {
  const people = Array.from({ length: CUSTOMERS }, () => ({ name: personName(random), place: random.weighted(PLACES) }))
  return Array.from({ length: count }, (_, i) => {
    // Two days before the anchor at the latest, so that nothing of the past lies in the future.
    const placedAt = anchor - Math.floor(2 * 24 * HOUR + random.next() * (DAYS - 2) * 24 * HOUR)
    return pastOrder(random, i, placedAt, anchor, people)
  }).sort((a, b) => a.placedAt.localeCompare(b.placedAt))
}

type Person = { readonly name: string; readonly place: { readonly region: string; readonly city: string } }

function pastOrder(
  random: Random,
  i: number,
  placedAt: number,
  anchor: number,
  people: readonly Person[]
): ImportedOrder {
  const mine = i % 100 === 0
  const channel = mine ? DEMO_CUSTOMER.channel : random.weighted(CHANNELS)
  const index = mine ? 0 : random.whole(1, CUSTOMERS - 1)
  const person = people[index] ?? random.pick(people)
  const lines = orderLines(random, channel)
  const text = note(random)
  const { region, city } = person.place
  return {
    company: COMPANY,
    channel,
    externalId: `${channel}-${String(100_000 + i)}`,
    number: `D${String(i + 1).padStart(6, '0')}`,
    customer: {
      ...(mine && { id: DEMO_CUSTOMER.id }),
      externalId: mine ? DEMO_CUSTOMER.externalId : `person-${index}`,
      name: person.name,
      phone: `1380000${String(index).padStart(4, '0')}`,
      region,
      city
    },
    lines,
    currency: 'CNY',
    placedAt: iso(placedAt),
    ...(text === undefined ? {} : { note: text }),
    shipTo: {
      recipient: person.name,
      phone: `1380000${String(index).padStart(4, '0')}`,
      line: `示范路 ${index} 号`,
      city,
      region,
      postalCode: null,
      country: 'CN'
    },
    ...lifecycle(random, placedAt, anchor)
  }
}

function orderLines(random: Random, channel: Channel): ImportedOrder['lines'] {
  const count = random.weighted([
    [1, 6],
    [2, 3],
    [3, 1]
  ] as const)
  const wanted = new Set(
    Array.from({ length: count }, () => random.pick(channel === 'B2B' ? PRODUCTS.slice(0, 6) : PRODUCTS))
  )
  return [...wanted].map(product => ({
    sku: product.sku,
    name: product.name,
    quantity: channel === 'B2B' ? random.whole(5, 60) : random.whole(1, 2),
    unitPriceMinor: product.price,
    supplierId: product.supplierId
  }))
}

/** What became of it: most orders complete, some are cancelled or never paid, the youngest are still on their way. */
function lifecycle(
  random: Random,
  placedAt: number,
  anchor: number
): Pick<ImportedOrder, 'history' | 'promisedTo' | 'carrier' | 'cancelReason'> {
  const paid = placedAt + random.whole(1, 90) * 60_000
  const shipped = paid + Math.floor((2 + random.next() * 40) * HOUR)
  const received = shipped + Math.floor((18 + random.next() * 90) * HOUR)
  const promisedTo = iso(paid + 72 * HOUR)
  const steps: ImportedOrder['history'][number][] = [{ status: 'AWAITING_PAYMENT', at: iso(placedAt) }]
  if (random.chance(0.03)) return { history: steps, promisedTo }
  if (random.chance(0.04)) {
    return {
      history: [...steps, { status: 'CANCELLED', at: iso(placedAt + 3 * HOUR) }],
      promisedTo,
      cancelReason: '客户取消'
    }
  }
  const later = [
    { status: 'PAID', at: paid },
    { status: 'SHIPPED', at: shipped },
    { status: 'COMPLETED', at: received }
  ] as const
  for (const { status, at } of later) if (at < anchor) steps.push({ status, at: iso(at) })
  return { history: steps, promisedTo, ...(shipped < anchor ? { carrier: random.pick(CARRIERS) } : {}) }
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
