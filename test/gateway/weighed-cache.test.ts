import { WeighedCache } from '../../gateway/weighed-cache.ts'

const thing = (weight: number) => ({ weight })

test('light things are kept by their number', () => {
  const cache = new WeighedCache<{ weight: number }>({ entries: 10, weight: 1_000_000 })
  for (let i = 0; i < 100; i++) cache.set(`${i}`, thing(1))
  const kept = Array.from({ length: 100 }, (_, i) => cache.get(`${i}`)).filter(Boolean)
  expect(kept.length).toBeGreaterThanOrEqual(10)
  expect(kept.length).toBeLessThanOrEqual(20)
})

test('heavy things are dropped before their number is reached', () => {
  const cache = new WeighedCache<{ weight: number }>({ entries: 1000, weight: 100 })
  for (let i = 0; i < 100; i++) cache.set(`${i}`, thing(30))
  const kept = Array.from({ length: 100 }, (_, i) => `${i}`).filter(key => cache.get(key))
  expect(kept.length).toBeLessThanOrEqual(4)
  expect(cache.get('99')).toBeDefined()
})

test('what is used again and again stays', () => {
  const cache = new WeighedCache<{ weight: number }>({ entries: 10, weight: 1_000_000 })
  cache.set('used', thing(1))
  for (let i = 0; i < 100; i++) {
    cache.set(`${i}`, thing(1))
    expect(cache.get('used')).toBeDefined()
  }
})

test('what grows counts with what it has become', () => {
  const cache = new WeighedCache<{ weight: number }>({ entries: 1000, weight: 100 })
  cache.set('first', thing(1))
  cache.grew(60)
  cache.set('second', thing(1))
  cache.grew(60)
  expect([cache.get('first'), cache.get('second')].map(Boolean)).toEqual([false, true])
})
