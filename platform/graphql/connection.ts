import { type ClassType, Directive, Field, Int, ObjectType } from 'type-graphql'
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm'
import { Fault } from '../errors.ts'
import { PageInfo } from './page-info.ts'

/** Relay's paging arguments, as the client sent them. */
export interface PageArgs {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
}

export interface Edge<Row> {
  readonly node: Row
  readonly cursor: string
}

/** One page; `totalCount` counts when it is first asked for. */
export interface Connection<Row> {
  readonly edges: readonly Edge<Row>[]
  readonly nodes: readonly Row[]
  readonly pageInfo: PageInfo
  readonly totalCount: number | Promise<number>
}

export interface PageRequest<Row extends ObjectLiteral & { readonly id: string }> {
  /** What is listed: company, row scopes and the client's filter; no order and no limit. */
  readonly query: SelectQueryBuilder<Row>
  /**
   * Where a cursor's row is looked up: company and row scopes without the client's filter, so that a row that has left
   * the filter since still marks its place. Absent = `query`.
   */
  readonly visible?: SelectQueryBuilder<Row>
  /** A property that is never null; rows that are alike are in order of their id. Absent = by id. */
  readonly sort?: { readonly by: keyof Row & string; readonly direction: 'ASC' | 'DESC' }
  readonly args: PageArgs
}

const DEFAULT = 20
const MOST = 100

/**
 * One page by keyset. A cursor holds the row's id and nothing else (semantics K6): its place is looked up among the rows
 * that the caller may see. Throws Fault BAD_USER_INPUT for arguments and cursors that make no sense.
 */
export async function paginate<Row extends ObjectLiteral & { readonly id: string }>(
  request: PageRequest<Row>
): Promise<Connection<Row>> {
  const { args, query, sort } = request
  const { size, backward } = pageSize(args)
  const page = query.clone()
  if (args.after != null) await place(page, request, 'after', args.after)
  if (args.before != null) await place(page, request, 'before', args.before)

  const direction = sort?.direction ?? 'ASC'
  const order = backward ? (direction === 'ASC' ? 'DESC' : 'ASC') : direction
  if (sort) page.addOrderBy(`${page.alias}.${sort.by}`, order)
  const found = await page
    .addOrderBy(`${page.alias}.id`, order)
    .limit(size + 1)
    .getMany()

  const more = found.length > size
  const nodes = found.slice(0, size)
  if (backward) nodes.reverse()
  const edges = nodes.map(node => ({ node, cursor: cursorOf(node.id) }))
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: (!backward && more) || args.before != null,
      hasPreviousPage: (backward && more) || args.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null
    },
    get totalCount() {
      return query.clone().getCount()
    }
  }
}

/** The cursor of a row in any list. */
export function cursorOf(id: string): string {
  return Buffer.from(id).toString('base64url')
}

function pageSize({ first, last }: PageArgs): { size: number; backward: boolean } {
  if (first != null && last != null) throw badInput('`first` and `last` exclude each other; send one of them.')
  const size = first ?? last ?? DEFAULT
  if (size < 0 || size > MOST) throw badInput(`A page has 0 to ${MOST} rows; ask for at most ${MOST} and page on.`)
  return { size, backward: last != null }
}

async function place<Row extends ObjectLiteral & { readonly id: string }>(
  page: SelectQueryBuilder<Row>,
  { query, visible = query, sort }: PageRequest<Row>,
  side: 'after' | 'before',
  cursor: string
): Promise<void> {
  const id = Buffer.from(cursor, 'base64url').toString()
  const { alias } = visible
  const at = await visible
    .clone()
    .select(`${alias}.id`, 'id')
    .addSelect(`${alias}.${sort?.by ?? 'id'}`, 'place')
    .andWhere(`${alias}.id = :page_anchor`, { page_anchor: id })
    .getRawOne<{ id: string; place: unknown }>()
  if (!at) throw badInput(`The cursor in \`${side}\` is unknown; start again without it.`)
  const than = ((sort?.direction ?? 'ASC') === 'ASC') === (side === 'after') ? '>' : '<'
  const beyond = `${page.alias}.id ${than} :page_${side}_id`
  const column = `${page.alias}.${sort?.by ?? 'id'}`
  page.andWhere(sort ? `(${column} ${than} :page_${side} OR (${column} = :page_${side} AND ${beyond}))` : beyond, {
    [`page_${side}_id`]: at.id,
    ...(sort && { [`page_${side}`]: at.place })
  })
}

function badInput(message: string): Fault {
  return new Fault('BAD_USER_INPUT', message)
}

/** The type-graphql classes `<name>Connection` and `<name>Edge` over a node class; visible wherever they are reached. */
export function connectionOf<Node extends object>(
  NodeClass: ClassType<Node>,
  name: string
): { readonly Connection: ClassType<Connection<Node>>; readonly Edge: ClassType<Edge<Node>> } {
  @ObjectType(`${name}Edge`)
  @Directive('@commons')
  class NodeEdge implements Edge<Node> {
    @Field(() => NodeClass)
    readonly node!: Node

    @Field(() => String, { description: 'Give it as `after` or `before`; it means nothing else.' })
    readonly cursor!: string
  }

  @ObjectType(`${name}Connection`)
  @Directive('@commons')
  class NodeConnection implements Connection<Node> {
    @Field(() => [NodeEdge])
    readonly edges!: readonly NodeEdge[]

    @Field(() => [NodeClass])
    readonly nodes!: readonly Node[]

    @Field(() => PageInfo)
    readonly pageInfo!: PageInfo

    @Field(() => Int)
    readonly totalCount!: number | Promise<number>
  }

  return { Connection: NodeConnection, Edge: NodeEdge }
}
