import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { Deadlines, type Timed } from '../../../gateway/serve/deadlines.ts'

const expired: string[] = []

class Task implements Timed {
  deadline = 0
  older: Timed | null = null
  newer: Timed | null = null
  readonly name: string
  readonly #then: () => void

  constructor(name: string, then: () => void = () => {}) {
    this.name = name
    this.#then = then
  }

  expire(): void {
    expired.push(this.name)
    this.#then()
  }
}

beforeEach(() => {
  expired.length = 0
})

describe('deadlines', () => {
  test('end what has not ended in time, in its order and once', async () => {
    using deadlines = new Deadlines(40)
    for (const name of ['a', 'b', 'c']) deadlines.add(new Task(name))
    await delay(200)
    expect(expired).toEqual(['a', 'b', 'c'])
  })

  test('end nothing before its time', async () => {
    const began = performance.now()
    let took = 0
    using deadlines = new Deadlines(120)
    const over = new Promise<void>(resolve => {
      const done = () => {
        took = performance.now() - began
        resolve()
      }
      deadlines.add(new Task('a', done))
    })
    await over
    expect(took).toBeGreaterThanOrEqual(119)
  })

  test('leave alone what was forgotten, wherever it stood, and what was forgotten twice', async () => {
    using deadlines = new Deadlines(40)
    const tasks = ['a', 'b', 'c', 'd'].map(name => new Task(name))
    for (const task of tasks) deadlines.add(task)
    for (const i of [0, 2, 3, 3]) deadlines.forget(tasks[i] as Task)
    await delay(200)
    expect(expired).toEqual(['b'])
  })

  test('may be forgotten and given anew by what ends', async () => {
    using deadlines = new Deadlines(40)
    const second = new Task('second')
    deadlines.add(
      new Task('first', () => {
        deadlines.forget(second)
        deadlines.add(new Task('third'))
      })
    )
    deadlines.add(second)
    await delay(250)
    expect(expired).toEqual(['first', 'third'])
  })

  test('end nothing any more once they are disposed of', async () => {
    {
      using deadlines = new Deadlines(40)
      deadlines.add(new Task('a'))
    }
    await delay(120)
    expect(expired).toEqual([])
  })
})
