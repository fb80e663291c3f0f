import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm'
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js'
import { chunks } from '../../platform/database/dialect.ts'
import { Customer } from './customer.ts'
import { Order } from './order.ts'
import type { OrderRows } from './order-draft.ts'
import { OrderHistory } from './order-history.ts'
import { OrderLine } from './order-line.ts'

/** A new order with its history, which ends at the order's version. */
export interface NewOrder extends OrderRows {
  readonly history: readonly OrderHistory[]
}

/** Writes new orders in a few statements of many rows; a customer who is there already stays as they are. */
export async function insertOrders(
  manager: EntityManager,
  orders: readonly NewOrder[],
  knownCustomers: ReadonlySet<string>
): Promise<void> {
  const customers = orders.map(({ customer }) => customer).filter(({ id }) => !knownCustomers.has(id))
  await insert(manager, Customer, [...new Map(customers.map(customer => [customer.id, customer])).values()])
  await insert(
    manager,
    Order,
    orders.map(({ order }) => order)
  )
  await insert(
    manager,
    OrderLine,
    orders.flatMap(({ lines }) => lines)
  )
  await insert(
    manager,
    OrderHistory,
    orders.flatMap(({ history }) => history)
  )
}

async function insert<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  rows: readonly object[]
): Promise<void> {
  for (const part of chunks(rows, 200)) {
    await manager
      .createQueryBuilder()
      .insert()
      .into(entity)
      .values([...part] as QueryDeepPartialEntity<Row>[])
      .updateEntity(false)
      .execute()
  }
}
