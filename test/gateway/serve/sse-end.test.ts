import { jest } from '@jest/globals'
import { StreamEnd } from '../../../gateway/serve/sse-end.ts'

const DOOR = { transport: { sessionMaxMs: 86_400_000 }, connections: { onDrain: () => () => undefined } }

/** The end of a stream whose token ends at a moment. */
const endAt = (expiresAt: number) => new StreamEnd(DOOR as never, { expiresAt } as never, new AbortController().signal)

const fired = (signal: AbortSignal) => new Promise(resolve => signal.addEventListener('abort', resolve))

afterEach(() => jest.restoreAllMocks())

test('a stream ends with its token although timer and clock differ a little', async () => {
  const begun = Date.now()
  const end = endAt(begun + 20)
  // A clock that is behind the timers: when the timer fires, the moment has not come.
  const clock = jest.spyOn(Date, 'now').mockReturnValue(begun + 19)
  await new Promise(resolve => setTimeout(resolve, 60))
  expect(end.reached()).toBeNull()
  clock.mockReturnValue(begun + 20)
  await fired(end.signal)
  expect(end.reached()).toBe('token')
})

test('a stream ends no sooner than that', async () => {
  const end = endAt(Date.now() + 300_000)
  await new Promise(resolve => setTimeout(resolve, 20))
  expect(end.signal.aborted).toBe(false)
  end.forget()
})
