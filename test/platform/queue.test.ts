import { Queue, type Queued } from '../../platform/queue.ts'

class Item implements Queued<Item> {
  older: Item | null = null
  newer: Item | null = null
}

/** What is in a queue, oldest first; both directions of its links must say the same. */
function inside(queue: Queue<Item>): readonly Item[] {
  const items: Item[] = []
  for (let item = queue.oldest; item; item = item.newer) {
    expect(item.older).toBe(items.at(-1) ?? null)
    items.push(item)
  }
  return items
}

describe('a queue', () => {
  test('is empty at first', () => {
    expect(new Queue<Item>().oldest).toBeNull()
  })

  test('says of what is not in it that it is not', () => {
    const queue = new Queue<Item>()
    const [only, other] = [new Item(), new Item()]
    expect(queue.remove(other)).toBe(false)
    queue.add(only)
    expect(queue.remove(other)).toBe(false)
    expect(queue.remove(only)).toBe(true)
    expect(queue.remove(only)).toBe(false)
    expect(queue.oldest).toBeNull()
  })

  test('takes an item again that has left', () => {
    const queue = new Queue<Item>()
    const items = [new Item(), new Item()] as const
    for (const item of items) queue.add(item)
    queue.remove(items[0])
    queue.add(items[0])
    expect(inside(queue)).toEqual([items[1], items[0]])
  })

  test('is, whoever leaves it in whatever order, what a list would be', () => {
    const queue = new Queue<Item>()
    const expected: Item[] = []
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed % below
    }
    for (let i = 0; i < 2000; i++) {
      if (expected.length === 0 || random(5) < 3) {
        const item = new Item()
        queue.add(item)
        expected.push(item)
      } else {
        const [gone] = expected.splice(random(expected.length), 1)
        expect(queue.remove(gone as Item)).toBe(true)
      }
      if (i % 50 === 0) expect(inside(queue).every((item, at) => item === expected[at])).toBe(true)
    }
    expect(inside(queue).length).toBe(expected.length)
  })
})
