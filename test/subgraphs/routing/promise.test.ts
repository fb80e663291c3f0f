import { computePromise, type PromiseInput } from '../../../subgraphs/routing/compute-promise.ts'
import { IntentCode } from '../../../subgraphs/routing/intents/intent-model.ts'

/** Monday 2026-03-02, ten in the morning in Shanghai; a warehouse next door: one or two days. */
const BASE: PromiseInput = {
  paidAt: '2026-03-02T02:00:00.000Z',
  zone: 'Asia/Shanghai',
  region: 'CN-SH',
  origins: [{ kind: 'WAREHOUSE', region: 'CN-ZJ' }],
  wishes: [],
  production: null
}

const wish = (code: IntentCode, date: string | null = null) => ({ wishes: [{ code, date }] })

/** First and last day, in the company's zone; parcels come from nine to nine. */
function days(over: Partial<PromiseInput>): readonly string[] {
  const { promisedFrom, promisedTo } = computePromise({ ...BASE, ...over })
  expect(promisedFrom.slice(10)).toBe('T01:00:00.000Z')
  expect(promisedTo.slice(10)).toBe('T13:00:00.000Z')
  return [promisedFrom.slice(5, 10), promisedTo.slice(5, 10)]
}

it.each<[string, Partial<PromiseInput>, readonly string[]]>([
  ['handover the same day, then the lane', {}, ['03-03', '03-04']],
  ['the next day after the cut-off hour', { paidAt: '2026-03-02T08:00:00.000Z' }, ['03-04', '03-05']],
  ['the same day right before the cut-off hour', { paidAt: '2026-03-02T07:59:59.000Z' }, ['03-03', '03-04']],
  ['a day more from a store', { origins: [{ kind: 'STORE', region: 'CN-SH' }] }, ['03-04', '03-04']],
  [
    'the farthest part decides',
    { origins: [...BASE.origins, { kind: 'WAREHOUSE', region: 'CN-XJ' }] },
    ['03-06', '03-09']
  ],
  ['a region that the table does not know', { region: 'SP' }, ['03-05', '03-09']],
  ['no region at all', { region: null }, ['03-05', '03-09']],
  ['production first', { production: { day: '2026-03-10', estimated: true } }, ['03-12', '03-13']],
  ['production that is done already', { production: { day: '2026-02-01', estimated: false } }, ['03-03', '03-04']],
  ['not on a weekend', { paidAt: '2026-03-05T02:00:00.000Z', ...wish(IntentCode.AVOID_WEEKEND) }, ['03-06', '03-09']],
  ['on a weekend alone', wish(IntentCode.WEEKEND_ONLY), ['03-07', '03-07']],
  ['not before a day', wish(IntentCode.DELIVER_AFTER, '2026-03-20'), ['03-20', '03-20']],
  ['not before a day that is past anyway', wish(IntentCode.DELIVER_AFTER, '2026-03-01'), ['03-03', '03-04']],
  ['on a day', wish(IntentCode.DELIVER_ON, '2026-03-12'), ['03-12', '03-12']],
  ['never earlier than it can be', wish(IntentCode.DELIVER_ON, '2026-03-02'), ['03-03', '03-04']],
  ['never earlier than it can be, however urgent', wish(IntentCode.DELIVER_BY, '2026-03-03'), ['03-03', '03-04']]
])('promises %s', (_, over, expected) => expect(days(over)).toEqual(expected))

it.each<[Partial<PromiseInput>, readonly string[]]>([
  [{}, ['processing', 'lane']],
  [{ paidAt: '2026-03-02T09:00:00.000Z' }, ['cut-off', 'processing', 'lane']],
  [{ production: { day: '2026-03-10', estimated: false } }, ['processing', 'lane', 'production']],
  [wish(IntentCode.DELIVER_BY, '2026-03-04'), ['processing', 'lane', 'wish-kept']],
  [wish(IntentCode.DELIVER_BY, '2026-03-03'), ['processing', 'lane', 'wish-missed']],
  [wish(IntentCode.DELIVER_ON, '2026-03-02'), ['processing', 'lane', 'wish-missed']],
  [wish(IntentCode.URGENT), ['processing', 'lane']]
])('says on what it rests, and of a wish only whether it is kept', (over, basis) => {
  expect(computePromise({ ...BASE, ...over }).basis).toEqual(basis)
})
