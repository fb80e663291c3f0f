import { createOffLoop } from '../../../gateway/plan/off-loop.ts'
import { composed } from '../../support/federation.ts'

const SDL = composed({ only: { sdl: 'type Query { a: Int b: Int }' } })
const BUDGET_MS = 10_000
const NONE = { id: 0, labels: new Set<string>() }
const TOO_MUCH = { errors: [{ extensions: { code: 'OPERATION_LIMIT', limit: 'planning' } }] }

/** The thread needs a while to start, in which all of them wait. */
async function together(sizes: readonly number[]) {
  await using offLoop = createOffLoop(SDL, BUDGET_MS, NONE)
  const planned: number[] = []
  const refused: number[] = []
  const plans = sizes.map(async (size, i) => {
    try {
      await offLoop.plan('{ a }', size, NONE)
      planned.push(i)
    } catch (thrown) {
      expect(thrown).toMatchObject(TOO_MUCH)
      refused.push(i)
    }
  })
  await Promise.all(plans)
  return { planned, refused }
}

describe('operations that wait for the thread that plans', () => {
  test('are planned, the smallest first and equal ones in their order', async () => {
    expect(await together([5, 1, 3, 1, 5, 2])).toEqual({ planned: [1, 3, 5, 2, 0, 4], refused: [] })
  })

  test('are 64 at most: of more the largest is refused, whenever it came', async () => {
    const sizes = Array.from({ length: 64 }, (_, i) => (i === 20 ? 500 : i))
    expect((await together(sizes)).refused).toEqual([])
    expect((await together([...sizes, 1])).refused).toEqual([20])
    expect((await together([...sizes, 900])).refused).toEqual([64])
  })

  test('are refused when nobody will plan them any more', async () => {
    const offLoop = createOffLoop(SDL, BUDGET_MS, NONE)
    const plans = [1, 2].map(size => offLoop.plan('{ a }', size, NONE).catch(thrown => thrown))
    await offLoop[Symbol.asyncDispose]()
    for (const thrown of await Promise.all(plans)) expect(thrown).toMatchObject(TOO_MUCH)
  })
})

test('an operation that cannot be planned fails, and the next one is planned', async () => {
  await using offLoop = createOffLoop(SDL, BUDGET_MS, NONE)
  await expect(offLoop.plan('{ nothing ', 1, NONE)).rejects.toThrow(/Syntax Error/)
  expect(await offLoop.plan('{ b }', 1, NONE)).toBeDefined()
})

test('what does not keep to its budget is refused, and the next one is planned by a new thread', async () => {
  await using offLoop = createOffLoop(SDL, BUDGET_MS, NONE)
  await offLoop.plan('{ a }', 1, NONE)
  await using hurried = createOffLoop(SDL, -1, NONE)
  for (let i = 0; i < 2; i++) await expect(hurried.plan('{ a b }', 1, NONE)).rejects.toMatchObject(TOO_MUCH)
  expect(await offLoop.plan('{ b }', 1, NONE)).toBeDefined()
})
