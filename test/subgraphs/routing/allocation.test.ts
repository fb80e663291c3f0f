import { Routing1790000000000 } from '../../../subgraphs/routing/migrations/1790000000000-routing.ts'
import { type Offer, planAllocation } from '../../../subgraphs/routing/plan-allocation.ts'
import { reserveStock } from '../../../subgraphs/routing/reserve-stock.ts'
import { StockLevel, stockLevelId } from '../../../subgraphs/routing/stock-level.ts'
import { describeDatabases } from '../../support/database.ts'

describe('who sends what', () => {
  const offer = (nodeId: string, sku: string, available: number, region = 'CN-GD'): Offer => ({
    levelId: `${nodeId}/${sku}`,
    nodeId,
    region,
    sku,
    available
  })
  const line = (sku: string, quantity: number) => ({ lineId: `line-${sku}`, sku, quantity, supplierId: 'acme' })
  const plan = (lines: readonly ReturnType<typeof line>[], offers: readonly Offer[]) => {
    const { allocations, shortages } = planAllocation(lines, offers, 'CN-SH')
    return {
      from: allocations.map(({ nodeId, sku, quantity }) => `${quantity} ${sku} ${nodeId}`),
      short: shortages.map(({ sku, quantity }) => `${quantity} ${sku}`)
    }
  }

  it('prefers the customer’s region to more stock elsewhere', () => {
    expect(plan([line('A', 2)], [offer('far', 'A', 99), offer('near', 'A', 2, 'CN-SH')]).from).toEqual(['2 A near'])
  })

  it('prefers the node with most when none is near', () => {
    expect(plan([line('A', 2)], [offer('few', 'A', 5), offer('many', 'A', 9)]).from).toEqual(['2 A many'])
  })

  it('prefers one node for the whole order to a split over nearer ones', () => {
    const offers = [offer('near', 'A', 5, 'CN-SH'), offer('far', 'A', 5), offer('far', 'B', 5)]
    expect(plan([line('A', 1), line('B', 1)], offers).from).toEqual(['1 A far', '1 B far'])
  })

  it('spreads a line only when no node has enough', () => {
    expect(plan([line('A', 5)], [offer('few', 'A', 2), offer('more', 'A', 4)]).from).toEqual(['4 A more', '1 A few'])
  })

  it('says what nobody has', () => {
    const offers = [offer('far', 'A', 2), offer('oversold', 'A', -3)]
    expect(plan([line('A', 5), line('B', 1)], offers)).toEqual({ from: ['2 A far'], short: ['3 A', '1 B'] })
  })
})

const OPTIONS = { name: 'routing', entities: [StockLevel], migrations: [Routing1790000000000] }

function level(nodeId: string, onHand: number) {
  const at = '2026-03-02T00:00:00.000Z'
  const id = stockLevelId('demo', nodeId, 'A')
  const row = { id, company: 'demo', nodeId, sku: 'A', region: null, onHand, reserved: 0 }
  return { ...row, source: 'wms', occurredAt: at, updatedAt: at, version: 1 }
}

describeDatabases('two hundred orders at once', start => {
  it('never gives a piece twice, however many orders want it at once', async () => {
    await using place = await start()
    await using database = await place.open(OPTIONS)
    const stock = [
      ['east', 30],
      ['south', 50],
      ['north', 17]
    ] as const
    await database.transaction(manager =>
      manager.insert(
        StockLevel,
        stock.map(([nodeId, onHand]) => level(nodeId, onHand))
      )
    )
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        database.transaction(manager =>
          reserveStock(manager, database.dialect, {
            company: 'demo',
            region: null,
            lines: [{ lineId: `l${i}`, sku: 'A', quantity: 1, supplierId: null }]
          })
        )
      )
    )
    expect(results.flatMap(result => result.allocations)).toHaveLength(97)
    expect(results.flatMap(result => result.shortages)).toHaveLength(103)
    const levels = await database.reads.find(StockLevel, { order: { nodeId: 'ASC' } })
    expect(levels.map(({ nodeId, reserved }) => [nodeId, reserved])).toEqual([
      ['east', 30],
      ['north', 17],
      ['south', 50]
    ])
  }, 60_000)
})
