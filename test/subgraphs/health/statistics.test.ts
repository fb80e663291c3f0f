import { bootstrapMedianOfMedians, median, percentile, wilson } from '../../../subgraphs/health/statistics.ts'

it.each([
  [8, 10, 0.4902, 0.9433],
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
  [1, 1, 0.2065, 1]
])('gives Wilson’s interval of %i in %i', (hits, n, low, high) => {
  const interval = wilson(hits, n)
  expect(interval?.low).toBeCloseTo(low, 4)
  expect(interval?.high).toBeCloseTo(high, 4)
})

it('has no interval and no median of nothing', () => {
  expect(wilson(0, 0)).toBeNull()
  expect(median([])).toBeNull()
  expect(bootstrapMedianOfMedians([[]])).toBeNull()
})

it('takes the mean of the two middle numbers', () => {
  expect(median([9, 1, 3, 2])).toBe(2.5)
  expect(percentile([0, 10], 0.95)).toBeCloseTo(9.5)
})

it('draws the same interval from the same facts, around the median', () => {
  const groups = [
    [1, 2, 3, 4, 5, 6, 7],
    [10, 20, 30]
  ]
  const interval = bootstrapMedianOfMedians(groups)
  expect(bootstrapMedianOfMedians(groups)).toEqual(interval)
  expect(interval?.low).toBeLessThan(12)
  expect(interval?.high).toBeGreaterThan(12)
})

it('is sure of what never varies', () => {
  expect(bootstrapMedianOfMedians([[5, 5, 5]])).toEqual({ low: 5, high: 5, method: 'bootstrap' })
})
