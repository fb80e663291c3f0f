import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type ExecutionResult, execute, isObjectType, parse, validate } from 'graphql'
import { type Clock, instant } from '../../platform/clock.ts'
import type { Database, DatabaseOptions } from '../../platform/database/database.ts'
import { openMysql } from '../../platform/database/mysql.ts'
import { openSqlite } from '../../platform/database/sqlite.ts'
import { LOG_ENTITIES, LOG_MIGRATIONS, openDatabaseLog } from '../../platform/log/database.ts'
import type { Log, LogEvent, LogFilter, Position, SequencedEvent } from '../../platform/log/log.ts'
import { createLogger } from '../../platform/logger.ts'
import type { RouterClient } from '../../platform/router-client/router-client.ts'
import type { Access, ScopeKeys } from '../../platform/scope/scope.ts'
import { createContext } from '../../platform/subgraph/context.ts'
import type { Room } from '../../platform/subgraph/room.ts'
import type { Subgraph } from '../../platform/subgraph/subgraph.ts'

/** What another room said; what is left out gets a default (id random, source `test`, at = the test's clock, version 1). */
export type TestEvent = Pick<LogEvent, 'type' | 'aggregate'> &
  Partial<Omit<LogEvent, 'keys'>> & { readonly keys?: Partial<ScopeKeys> }

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  set(time: string): void
  advance(milliseconds: number): void
}

export interface TestRoomOptions {
  /** Answers the room's questions to the router; without it a question is an error. */
  readonly router?: RouterClient
  /** The first instant of the clock; default 2026-03-02T01:00:00.000Z, a Monday morning in Shanghai. */
  readonly now?: string
  /** IANA zone of the company; default Asia/Shanghai. */
  readonly zone?: string
  /** `mysql://…` to run over that server; default SQLite in a temporary directory. */
  readonly url?: string
}

/** What the room answered, as JSON like a router would get it. */
export interface TestAnswer<Data> {
  readonly data: Data | null
  readonly errors: ExecutionResult['errors']
  readonly extensions: { readonly position?: Position; readonly stale?: boolean }
}

export interface TestRoom<Started extends Subgraph> extends AsyncDisposable {
  readonly room: Started
  readonly log: Log
  readonly clock: TestClock
  /** A caller who sees and may write every row of company `demo`, but for what `over` says. */
  access(over?: Partial<Access>): Access
  /** Validates and runs one operation; without `access`, as someone who sees all. */
  execute<Data = Record<string, never>>(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
    access?: Access
  ): Promise<TestAnswer<Data>>
  /** Puts facts in the log as if another room said them, and waits until this room has applied them. */
  append(...events: readonly TestEvent[]): Promise<Position>
  /** Resolves once the room's outbox is sent and the room has read the whole log. */
  settled(): Promise<void>
  /** Types of the events that the room gave up on, after `settled`: none, unless the test is about that. */
  parked(): Promise<readonly string[]>
  /** Everything in the log, after `settled`. */
  logEvents(filter?: LogFilter): Promise<readonly SequencedEvent[]>
}

/** Starts one room over a temporary database and a database log, with nothing else around it. */
export async function startTestRoom<Started extends Subgraph>(
  room: Room<Started>,
  options: TestRoomOptions = {}
): Promise<TestRoom<Started>> {
  const clock = testClock(options.now ?? '2026-03-02T01:00:00.000Z')
  const dataDir = await mkdtemp(join(tmpdir(), `oaas-${room.name}-`))
  const opened: Database[] = []
  const open = async (o: Pick<DatabaseOptions, 'name' | 'entities' | 'migrations'>): Promise<Database> => {
    const url = options.url ?? 'sqlite:'
    const database = await (url.startsWith('mysql:') ? openMysql : openSqlite)({ ...o, url, dataDir })
    opened.push(database)
    return database
  }
  const logDatabase = await open({ name: 'log', entities: LOG_ENTITIES, migrations: LOG_MIGRATIONS })
  const log = await openDatabaseLog({ database: logDatabase, clock })
  const router = options.router ?? SILENT_ROUTER
  const zone = options.zone ?? 'Asia/Shanghai'
  const logger = createLogger('silent')
  const started = await room.start({ openDatabase: open, log, router, clock, zone, logger })

  const unsent = async (): Promise<number> => {
    const counts = opened.slice(1).map(async database => {
      const [row]: { n: number | string }[] = await database.reads.query(
        'SELECT COUNT(*) AS n FROM outbox WHERE position IS NULL'
      )
      return Number(row?.n ?? 0)
    })
    return (await Promise.all(counts)).reduce((sum, n) => sum + n, 0)
  }

  const settled = async (): Promise<void> => {
    for (const deadline = Date.now() + 15_000; ; await delay(5)) {
      const head = await log.head()
      if ((await started.applied(head)) && (await unsent()) === 0 && (await log.head()) === head) return
      if (Date.now() > deadline) throw new Error(`${room.name} did not settle at position ${head}`)
    }
  }

  const access = (over: Partial<Access> = {}): Access => ({
    company: 'demo',
    consumer: 'tester',
    party: 'operator',
    claims: {},
    read: everyRow(started),
    write: everyRow(started),
    readAfter: null,
    language: 'en',
    ...over
  })

  return {
    room: started,
    log,
    clock,
    access,
    settled,
    async execute<Data>(document: string, variables = {}, caller = access()): Promise<TestAnswer<Data>> {
      const parsed = parse(document)
      const mistakes = validate(started.schema, parsed)
      if (mistakes.length > 0) return { data: null, errors: mistakes, extensions: {} }
      const context = await createContext(started, caller)
      const result = await execute({
        schema: started.schema,
        document: parsed,
        variableValues: variables,
        contextValue: context
      })
      const data = result.data ? (JSON.parse(JSON.stringify(result.data)) as Data) : null
      return { data, errors: result.errors, extensions: context.extensions }
    },
    async append(...events) {
      const positions = await log.append(events.map(event => complete(event, clock)))
      await settled()
      return Math.max(...positions)
    },
    async parked() {
      await settled()
      const letters = opened
        .slice(1)
        .map(async ({ reads }): Promise<{ type: string }[]> => reads.query('SELECT type FROM dead_letter'))
      return (await Promise.all(letters)).flat().map(letter => letter.type)
    },
    async logEvents(filter) {
      await settled()
      const events: SequencedEvent[] = []
      for (let after = 0; ; ) {
        const page = await log.read(after, 1000, filter)
        events.push(...page.events)
        if (page.upTo <= after) return events
        after = page.upTo
      }
    },
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]()
      await log[Symbol.asyncDispose]()
      await logDatabase[Symbol.asyncDispose]()
      await rm(dataDir, { recursive: true, force: true })
    }
  }
}

const SILENT_ROUTER: RouterClient = {
  query: async document => {
    throw new Error(`the room asked the router, and the test gave none: ${document}`)
  }
}

function testClock(start: string): TestClock {
  let now = Date.parse(start)
  return {
    now: () => now,
    set(time) {
      now = Date.parse(time)
    },
    advance(milliseconds) {
      now += milliseconds
    }
  }
}

/** `{}` for every object type of the schema: no row of the company is hidden. */
function everyRow(subgraph: Subgraph): Access['read'] {
  const types = Object.values(subgraph.schema.getTypeMap()).filter(isObjectType)
  return Object.fromEntries(types.map(type => [type.name, [{}]]))
}

function complete(event: TestEvent, clock: Clock): LogEvent {
  const { keys, ...rest } = event
  const orderId = event.aggregate.type === 'order' ? event.aggregate.id : null
  return {
    id: randomUUID(),
    source: 'test',
    at: instant(clock.now()),
    version: 1,
    data: {},
    ...rest,
    keys: {
      company: 'demo',
      orderId,
      channel: null,
      customerId: null,
      supplierIds: [],
      region: null,
      carrier: null,
      ...keys
    }
  }
}
