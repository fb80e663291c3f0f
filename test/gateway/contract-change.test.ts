import { ROOMS } from '../../gateway/rooms.ts'
import { loadSecrets } from '../../gateway/secrets.ts'
import { createCursors } from '../../gateway/subscribe/cursor.ts'
import { subscribe } from '../../gateway/subscribe/subscribe.ts'
import type { View } from '../../policies/view.ts'
import { startTestGateway } from '../support/gateway.ts'
import { submitOrder } from '../support/story.ts'

test('a subscription ends with its cursor when the contract behind it has ended (K11)', async () => {
  await using test = await startTestGateway()
  const { engine, log } = test.gateway
  const caller = await test.gateway.as('sales')
  let view: View | null = caller.view
  const catalogue = new Map(Object.values(ROOMS).flatMap(room => room.subscriptions.map(field => [field.name, field])))
  const cursors = createCursors((await loadSecrets(test.config)).cursor)
  const deps = { engine, log, cursors, catalogue }
  const prepared = engine.prepare({ query: 'subscription { orderStatusChanged { order { id } } }' }, caller)
  const stop = new AbortController()
  const deliveries = await subscribe(deps, prepared, { ...caller, current: () => view }, stop.signal)

  await submitOrder(test, 'DIRECT')
  const first = await deliveries.next()
  expect(first.value).toMatchObject({ data: { orderStatusChanged: { order: expect.anything() } } })

  view = null
  await submitOrder(test, 'DIRECT')
  await expect(deliveries.next()).rejects.toMatchObject({
    code: 'GRANT_WITHDRAWN',
    details: { cursor: first.value?.extensions.cursor }
  })
  stop.abort()
})
