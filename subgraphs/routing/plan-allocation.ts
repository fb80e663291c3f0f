import type { RoutedLine, Shortage } from './routed-order.ts'

/** What a node could give of an article. */
export interface Offer {
  readonly levelId: string
  readonly nodeId: string
  readonly region: string | null
  readonly sku: string
  readonly available: number
}

export interface Allocation {
  readonly levelId: string
  readonly nodeId: string
  readonly lineId: string
  readonly sku: string
  readonly quantity: number
  readonly supplierId: string | null
}

export interface AllocationPlan {
  readonly allocations: readonly Allocation[]
  readonly shortages: readonly Shortage[]
  /** What decided, for people; names nodes, never articles. */
  readonly reasons: readonly string[]
}

export const STRATEGY = 'region-then-stock/1'

/**
 * Who sends what: a node of the customer's region first, then the one with most; one node for the whole order if there
 * is one, else line by line, a line over several nodes when none has enough. What nobody has is short.
 */
export function planAllocation(
  lines: readonly RoutedLine[],
  offers: readonly Offer[],
  region: string | null
): AllocationPlan {
  const left = new Map(offers.map(offer => [offer.levelId, Math.max(0, offer.available)]))
  const whole = nodeForAll(lines, offers, region)
  const allocations: Allocation[] = []
  const short = new Map<string, Shortage>()
  for (const line of lines) {
    let missing = line.quantity
    const candidates = ranked(
      offers.filter(o => o.sku === line.sku && (whole === null || o.nodeId === whole)),
      region,
      left
    )
    // A node that can fill the line spares a parcel; only then is it spread.
    const sole = candidates.find(offer => (left.get(offer.levelId) ?? 0) >= line.quantity)
    for (const offer of sole ? [sole] : candidates) {
      const quantity = Math.min(missing, left.get(offer.levelId) ?? 0)
      if (quantity <= 0) continue
      left.set(offer.levelId, (left.get(offer.levelId) ?? 0) - quantity)
      missing -= quantity
      const { levelId, nodeId } = offer
      allocations.push({ levelId, nodeId, lineId: line.lineId, sku: line.sku, quantity, supplierId: line.supplierId })
    }
    if (missing > 0) {
      const { sku, supplierId } = line
      const key = `${sku}\u0000${supplierId ?? ''}`
      short.set(key, { sku, supplierId, quantity: missing + (short.get(key)?.quantity ?? 0) })
    }
  }
  return {
    allocations,
    shortages: [...short.values()],
    reasons: reasons(allocations, offers, region, whole, short.size)
  }
}

function nodeForAll(lines: readonly RoutedLine[], offers: readonly Offer[], region: string | null): string | null {
  const wanted = new Map<string, number>()
  for (const { sku, quantity } of lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity)
  const fills = (nodeId: string): boolean =>
    [...wanted].every(([sku, quantity]) =>
      offers.some(o => o.nodeId === nodeId && o.sku === sku && o.available >= quantity)
    )
  const totals = new Map<string, { nodeId: string; region: string | null; available: number }>()
  for (const { nodeId, region: at, available } of offers) {
    totals.set(nodeId, { nodeId, region: at, available: available + (totals.get(nodeId)?.available ?? 0) })
  }
  return [...totals.values()].filter(node => fills(node.nodeId)).sort(better(region))[0]?.nodeId ?? null
}

function ranked(offers: readonly Offer[], region: string | null, left: ReadonlyMap<string, number>): readonly Offer[] {
  return offers.map(offer => ({ ...offer, available: left.get(offer.levelId) ?? 0 })).sort(better(region))
}

/** Region, then most available, then id, so that the same stock gives the same route. */
function better(region: string | null) {
  const near = (at: string | null): number => (region !== null && at === region ? 0 : 1)
  type Ranked = Pick<Offer, 'nodeId' | 'region' | 'available'>
  return (a: Ranked, b: Ranked): number =>
    near(a.region) - near(b.region) || b.available - a.available || (a.nodeId < b.nodeId ? -1 : 1)
}

function reasons(
  allocations: readonly Allocation[],
  offers: readonly Offer[],
  region: string | null,
  whole: string | null,
  shortages: number
): readonly string[] {
  const nodes = [...new Set(allocations.map(a => a.nodeId))]
  const near = (nodeId: string): boolean =>
    region !== null && offers.some(o => o.nodeId === nodeId && o.region === region)
  return [
    ...nodes.map(nodeId => `${near(nodeId) ? 'same region' : 'most available'}: ${nodeId}`),
    ...(whole !== null
      ? ['one node has the whole order']
      : nodes.length > 1
        ? [`split over ${nodes.length} nodes`]
        : []),
    ...(shortages > 0 ? [`${shortages} articles short`] : [])
  ]
}
