import { execute, parse } from 'graphql'
import { Arg, Directive, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner, Table } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { type Connection, connectionOf, cursorOf, type PageArgs, paginate } from '../../platform/graphql/connection.ts'
import { buildRoomSchema } from '../../platform/subgraph/schema.ts'
import { describeDatabases, type TestPlace } from '../support/database.ts'

@ObjectType()
@Entity('parcel')
class Parcel {
  @Field(() => ID)
  @PrimaryColumn('varchar', { length: 64 })
  id!: string

  @Column('varchar', { length: 64 })
  channel!: string

  @Column('varchar', { length: 64 })
  status!: string

  @Field(() => Int)
  @Column('integer', { name: 'weight_grams' })
  weight!: number
}

class Parcels1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const text = { type: 'varchar', length: '64' }
    const columns = [
      { name: 'id', ...text, isPrimary: true },
      { name: 'channel', ...text },
      { name: 'status', ...text },
      { name: 'weight_grams', type: 'integer' }
    ]
    await runner.createTable(new Table({ name: 'parcel', columns }))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('parcel')
  }
}

describeDatabases('paginate', start => {
  let place: TestPlace
  let database: Database

  beforeAll(async () => {
    place = await start()
    database = await place.open({ entities: [Parcel], migrations: [Parcels1790000000000] })
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const weights = [30, 10, 20, 20, 20, 10, 40]
    const rows = ids.map((id, i) => ({ id, channel: 'JD', status: 'OPEN', weight: weights[i] ?? 0 }))
    await database.transaction(manager =>
      manager.insert(Parcel, [...rows, { id: 'x', channel: 'DIRECT', status: 'OPEN', weight: 20 }])
    )
  })
  afterAll(() => place[Symbol.asyncDispose]())

  const scoped = () => database.reads.createQueryBuilder(Parcel, 'p').where('p.channel = :channel', { channel: 'JD' })
  const page = (args: PageArgs, direction?: 'ASC' | 'DESC') =>
    paginate({ query: scoped(), args, ...(direction && { sort: { by: 'weight' as const, direction } }) })
  const ids = ({ nodes }: Connection<Parcel>) => nodes.map(node => node.id).join('')

  /** Everything, page by page. */
  const walk = async (size: number, direction: 'ASC' | 'DESC' | undefined, forward: boolean): Promise<string[]> => {
    const pages: string[] = []
    for (let args: PageArgs = forward ? { first: size } : { last: size }; ; ) {
      const found = await page(args, direction)
      if (forward) pages.push(ids(found))
      else pages.unshift(ids(found))
      const { hasNextPage, hasPreviousPage, endCursor, startCursor } = found.pageInfo
      if (!(forward ? hasNextPage : hasPreviousPage)) return pages
      args = forward ? { first: size, after: endCursor } : { last: size, before: startCursor }
    }
  }

  test.each<['ASC' | 'DESC' | undefined, string]>([
    ['ASC', 'bfcdeag'],
    ['DESC', 'gaedcfb'],
    [undefined, 'abcdefg']
  ])('walks every row once in order %s, forward and backward, also through equal values', async (direction, order) => {
    for (const size of [1, 2, 3, 7, 100]) {
      expect((await walk(size, direction, true)).join('')).toBe(order)
      expect((await walk(size, direction, false)).join('')).toBe(order)
    }
  })

  test('takes what is between two cursors', async () => {
    const between = await page({ after: cursorOf('f'), before: cursorOf('a') }, 'ASC')
    expect(ids(between)).toBe('cde')
    expect(between.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
  })

  test('counts every row of the list, not of the page', async () => {
    expect(await (await page({ first: 2, after: cursorOf('a') })).totalCount).toBe(7)
  })

  test('answers an empty page without cursors', async () => {
    const { edges, pageInfo } = await page({ first: 0 })
    expect(edges).toEqual([])
    expect(pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null })
  })

  test('has 20 rows when nobody says how many', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => ({ id: `many${i}`, channel: 'MANY', status: 'OPEN', weight: 1 }))
    await database.transaction(manager => manager.insert(Parcel, rows))
    const query = database.reads.createQueryBuilder(Parcel, 'p').where("p.channel = 'MANY'")
    expect((await paginate({ query, args: {} })).nodes).toHaveLength(20)
  })

  test('holds only the row’s id in a cursor', async () => {
    const [edge] = (await page({ first: 1 }, 'ASC')).edges
    expect(Buffer.from(edge?.cursor ?? '', 'base64url').toString()).toBe('b')
  })

  test('goes on from a row that has left the filter since', async () => {
    await database.transaction(manager => manager.update(Parcel, { id: 'c' }, { status: 'DONE' }))
    const query = scoped().andWhere("p.status = 'OPEN'")
    const sort = { by: 'weight' as const, direction: 'ASC' as const }
    const args = { first: 2, after: cursorOf('c') }
    expect(ids(await paginate({ query, visible: scoped(), sort, args }))).toBe('de')
    await database.transaction(manager => manager.update(Parcel, { id: 'c' }, { status: 'OPEN' }))
  })

  test.each<[string, PageArgs]>([
    ['first and last together', { first: 1, last: 1 }],
    ['a negative size', { first: -1 }],
    ['more than 100 rows', { last: 101 }],
    ['a cursor of a row outside the caller’s scopes', { after: cursorOf('x') }],
    ['a cursor of a row that does not exist', { before: cursorOf('nope') }],
    ['a cursor that is none', { after: '%%%' }],
    ['an empty cursor', { after: '' }]
  ])('refuses %s', async (_, args) => {
    await expect(page(args, 'ASC')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  test('builds connection types that every consumer may see, and counts only when asked', async () => {
    const { Connection } = connectionOf(Parcel, 'Parcel')
    let counted = 0

    @Resolver()
    class ParcelResolver {
      @Query(() => Connection)
      @Directive('@owner(department: "sales")')
      async parcels(@Arg('first', () => Int) first: number): Promise<Connection<Parcel>> {
        const query = scoped()
        const clone = query.clone.bind(query)
        query.clone = () => {
          counted += 1
          return clone()
        }
        return paginate({ query, args: { first } })
      }
    }

    const { schema, sdl } = await buildRoomSchema({ resolvers: new Map([[ParcelResolver, new ParcelResolver()]]) })
    expect(sdl).toContain('type ParcelConnection @commons')
    expect(sdl).toContain('type ParcelEdge @commons')
    const ask = async (fields: string) =>
      JSON.parse(JSON.stringify(await execute({ schema, document: parse(`{ parcels(first: 1) { ${fields} } }`) })))
    expect(await ask('edges { node { id weight } cursor } nodes { id } pageInfo { hasNextPage }')).toEqual({
      data: {
        parcels: {
          edges: [{ node: { id: 'a', weight: 30 }, cursor: cursorOf('a') }],
          nodes: [{ id: 'a' }],
          pageInfo: { hasNextPage: true }
        }
      }
    })
    expect(counted).toBe(1)
    expect(await ask('totalCount')).toEqual({ data: { parcels: { totalCount: 7 } } })
    expect(counted).toBe(3)
  })
})
