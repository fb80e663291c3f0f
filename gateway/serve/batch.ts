import { Fault } from '../../platform/errors.ts'
import { type Prepared, Result } from '../engine.ts'
import { isRecord } from '../execute/bare.ts'
import type { Door, EnteredCaller } from './door.ts'
import type { Exchange } from './exchange.ts'
import { failure } from './failure.ts'
import { finished } from './finished.ts'

/** One operation of a batch: ready to run, or why not. */
type Entry = { readonly prepared: Prepared } | { readonly refused: Result }

/**
 * Answers several operations of one caller with the list of their results, in their order; each succeeds or fails for
 * itself. With a mutation among them they run one after the other, else all at once. Throws Fault when batches are off or
 * this one is too long, and RequestError OPERATION_LIMIT when all together are too much.
 */
export async function answerBatch(
  door: Door,
  exchange: Exchange,
  requests: readonly unknown[],
  caller: EnteredCaller
): Promise<void> {
  const most = door.transport.batch
  if (most === 0) throw new Fault('BAD_REQUEST', 'Batches are not accepted; send one request object.')
  if (requests.length === 0) throw new Fault('BAD_REQUEST', 'The batch is empty; send at least one request object.')
  if (requests.length > most)
    throw new Fault('OPERATION_LIMIT', `A batch holds at most ${most} operations; send fewer at a time.`, {
      limit: 'batch'
    })

  const entries = requests.map(request => prepareEntry(door, request, caller))
  const prepared = entries.flatMap(entry => ('prepared' in entry ? [entry.prepared] : []))
  door.engine.checkTogether(prepared)

  const run = (entry: Entry) => runEntry(door, exchange, entry, caller)
  const texts: string[] = []
  if (prepared.some(({ kind }) => kind === 'mutation')) for (const entry of entries) texts.push(await run(entry))
  else texts.push(...(await Promise.all(entries.map(run))))
  exchange.answerText(`[${texts.join(',')}]`)
}

function prepareEntry(door: Door, request: unknown, caller: EnteredCaller): Entry {
  try {
    if (!isRecord(request)) throw new Fault('BAD_REQUEST', 'An entry of the batch is no object with "query".')
    const prepared = door.engine.prepare(request, caller)
    if (prepared.kind === 'subscription')
      throw new Fault('BAD_REQUEST', 'A batch holds no subscriptions; subscribe by itself.')
    return { prepared }
  } catch (thrown) {
    return { refused: new Result({ errors: failure(thrown, door.logger).errors }) }
  }
}

async function runEntry(door: Door, exchange: Exchange, entry: Entry, caller: EnteredCaller): Promise<string> {
  const result = 'refused' in entry ? entry.refused : await execute(door, exchange, entry.prepared, caller)
  finished(door, {
    transport: 'http',
    prepared: 'prepared' in entry ? entry.prepared : null,
    caller,
    trace: null,
    code: result.code,
    seconds: exchange.seconds()
  })
  return result.text
}

async function execute(door: Door, exchange: Exchange, prepared: Prepared, caller: EnteredCaller): Promise<Result> {
  try {
    return await door.engine.execute(prepared, caller, exchange.signal)
  } catch (thrown) {
    return new Result({ errors: failure(thrown, door.logger).errors })
  }
}
