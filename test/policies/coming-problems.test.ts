import { comingProblems } from '../../gateway/cli/coming-problems.ts'
import type { Contract, GrantClause } from '../../policies/contract.ts'
import { book, contract, NOW } from './fixture.ts'

const ZONE = 'Asia/Shanghai'
const ASK: GrantClause = { on: 'Query', fields: ['order'] }

function coming(contracts: readonly Contract[]) {
  const compileAt = (now: number) => book(contracts, { now, zone: ZONE })
  return comingProblems(compileAt(NOW), compileAt, ZONE)
}

describe('what will stop compiling', () => {
  const intents = (until: string) =>
    contract([{ on: 'Order', fields: ['intents'] }], { provider: 'fulfillment', valid: { from: '2026-01-01', until } })
  const note = (until: string) =>
    contract([ASK, { on: 'Order', fields: ['note'] }], { valid: { from: '2026-01-01', until } })
  const asks = contract([ASK], { id: 'asks', valid: { from: '2026-01-01', until: '2026-12-31' } })

  test('a field outlives the grant that it is built from: a warning, with the day (K5)', () => {
    expect(coming([intents('2026-12-31'), note('2026-05-31'), asks])).toEqual([
      expect.objectContaining({
        severity: 'warning',
        file: 'fulfillment-partner.yaml',
        message: expect.stringMatching(/^from 2026-06-01 on: .*Order\.intents.*Order\.note/)
      })
    ])
  })

  test('nothing when both end on the same day, or the source ends later', () => {
    expect(coming([intents('2026-05-31'), note('2026-05-31'), asks])).toEqual([])
    expect(coming([intents('2026-05-31'), note('2026-12-31'), asks])).toEqual([])
  })

  test('what does not compile today is not said twice', () => {
    expect(coming([intents('2026-12-31'), asks])).toEqual([])
  })
})
