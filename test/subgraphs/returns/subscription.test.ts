import { parse } from 'graphql'
import { returnUpdated } from '../../../subgraphs/returns/subscriptions.ts'
import { orderAnswered, orderSubmitted, requested, startReturns } from './given.ts'

test('returnUpdated delivers every step with the return and its order', async () => {
  await using t = await startReturns()
  await t.append(orderSubmitted(), orderSubmitted('ord_2'))
  const { id } = await requested(t)
  await requested(t, { orderId: 'ord_2', lines: [{ lineId: 'ord_2-a', quantity: 1 }] })
  await t.append(orderAnswered('accepted', id))
  const events = await t.logEvents(returnUpdated.filter({ orderId: 'ord_1' }))
  const order = { __typename: 'Order', id: 'ord_1' }
  expect(events.map(event => returnUpdated.payload(event))).toEqual([
    { from: null, to: 'PENDING', return: { __typename: 'Return', id }, order },
    { from: 'PENDING', to: 'REQUESTED', return: { __typename: 'Return', id }, order }
  ])
  expect(await t.logEvents(returnUpdated.filter({}))).toHaveLength(3)
})

test('the event of a return tells a supplier only of its own lines', async () => {
  await using t = await startReturns()
  await t.append(orderSubmitted())
  await requested(t, { lines: [{ lineId: 'ord_1-b', quantity: 1 }] })
  const [event] = await t.logEvents({ types: ['return.requested'] })
  expect(event?.keys.supplierIds).toEqual(['orient-filters'])
})

test('the catalogue entry is SDL', () => {
  expect(() => parse(returnUpdated.sdl)).not.toThrow()
})
