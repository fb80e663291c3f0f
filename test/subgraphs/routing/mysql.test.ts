import { routing } from '../../../subgraphs/routing/subgraph.ts'
import { describeMysql, dropSchemas, mysqlUrl } from '../../support/mysql.ts'
import { startTestRoom } from '../../support/room.ts'
import { acknowledged, figure, NODES, notes, submitted, then } from './given.ts'

describeMysql('routing on MySQL', () => {
  it('detects, reserves, promises, revises and settles as on SQLite', async () => {
    const url = await mysqlUrl('routing')
    const test = await startTestRoom(routing, { url, router: notes({ o1: '易碎，10号之前送到' }) })
    try {
      await test.room.importStock({ nodes: NODES, figures: [figure('wh-east', 'A', 3), figure('wh-south', 'A', 1)] })
      const lines = [{ sku: 'A', quantity: 5 }]
      await test.append(
        submitted('o1', test.clock, { lines, hasNote: true }),
        then('o1', 'paid'),
        acknowledged('o1', 'A', '2026-03-04')
      )
      await test.append(then('o1', 'shipped'))
      const { data, errors } = await test.execute<{ _entities: unknown; inventory: unknown }>(
        `query($ids: [_Any!]!) {
          _entities(representations: $ids) { ... on Order {
            intents { code date } promise { revision basis } fulfillmentOrders { status lines { quantity } }
          } }
          inventory(filter: { nodeId: "wh-east" }) { nodes { onHand reserved } }
        }`,
        { ids: [{ __typename: 'Order', id: 'o1' }] }
      )
      expect(errors).toBeUndefined()
      expect(data).toMatchObject({
        _entities: [
          {
            intents: [{ code: 'FRAGILE' }, { code: 'DELIVER_BY', date: '2026-03-10' }],
            promise: { revision: 2, basis: ['processing', 'lane', 'production', 'wish-kept'] },
            fulfillmentOrders: [{ status: 'CLOSED' }, { status: 'CLOSED' }]
          }
        ],
        inventory: { nodes: [{ onHand: 0, reserved: 0 }] }
      })
    } finally {
      await test[Symbol.asyncDispose]()
      await dropSchemas(url)
    }
  })
})
