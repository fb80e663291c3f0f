import { sleep } from '../support/process.ts'
import { type Case, SkipCase, type Taken, tally } from './case.ts'
import { type Client, ending, entered, until } from './socket.ts'
import type { Target } from './target.ts'

/** B24–B27: what subscriptions can do. */

const PER_SOCKET = 100
/** Below the rate at which messages are taken for a flood. */
const PACE_MS = 13
const SLOW_READERS = 10
const SLOW_FOR_MS = 8000

const subscribe = (id: string, everyMs = 1000, bytes = 50) => ({
  type: 'subscribe',
  id,
  payload: { query: `subscription { ticks(everyMs: ${everyMs}, bytes: ${bytes}) { n padding } }` }
})

const of = ({ messages }: Client, id: string, type: string) =>
  messages.some(each => each.id === id && each.type === type)

/** A socket with one running subscription, to see that there are any. */
async function subscribed(target: Target): Promise<Client> {
  const client = await entered(target)
  client.send(subscribe('first', 50))
  await until(() => of(client, 'first', 'next') || of(client, 'first', 'error') || client.ended !== null, 5000)
  if (of(client, 'first', 'next')) return client
  const refusal = client.messages.find(({ type }) => type === 'error')
  client.socket.terminate()
  throw new SkipCase(`no subscription runs here: ${JSON.stringify(refusal?.payload ?? ending(client)).slice(0, 200)}`)
}

/** How many of the subgraph's subscriptions run. */
async function openTicks(target: Target): Promise<number> {
  const answer = await target.send(JSON.stringify({ query: '{ openTicks }' }))
  return Number(/"openTicks":(\d+)/.exec(answer.text())?.[1])
}

async function left(target: Target): Promise<string | null> {
  let open = await openTicks(target)
  for (let tries = 0; open > 0 && tries < 30; tries++) {
    await sleep(100)
    open = await openTicks(target)
  }
  return open === 0 ? null : `${open} subscriptions still run at the subgraph`
}

const flood: Case = {
  id: 'B24',
  title: '10,000 subscriptions on one socket at once',
  bounds: { growthMb: 50 },
  async attack(target): Promise<Taken> {
    const client = await subscribed(target)
    for (let n = 0; n < 10_000 && client.ended === null; n++) {
      client.send(subscribe(String(n)))
      if (n % 200 === 199) await new Promise(setImmediate)
    }
    await until(() => client.ended !== null, 8000)
    client.socket.terminate()
    const seen = ending(client)
    const wrong = /^(4429|1008|1013)$/.test(seen) ? null : `ended with ${seen}`
    return { attacks: 1, seen, wrong: wrong ?? (await left(target)) }
  }
}

const oneTooMany: Case = {
  id: 'B24s',
  title: `one subscription more than ${PER_SOCKET}, slowly`,
  bounds: { growthMb: 50 },
  async attack(target): Promise<Taken> {
    const client = await subscribed(target)
    for (let n = 2; n <= PER_SOCKET + 1 && client.ended === null; n++) {
      client.send(subscribe(String(n)))
      await sleep(PACE_MS)
    }
    const last = String(PER_SOCKET + 1)
    const refused = await until(() => of(client, last, 'error') || client.ended !== null, 5000)
    const error = client.messages.find(({ id, type }) => id === last && type === 'error')
    const early = client.messages.filter(({ type }) => type === 'error').length - (error ? 1 : 0)
    client.socket.terminate()
    const seen = error ? `error ${JSON.stringify(error.payload).slice(0, 80)}` : ending(client)
    const wrong = early > 0 ? `${early} were refused before` : !refused || !error ? `the last one: ${seen}` : null
    return { attacks: 1, seen, wrong: wrong ?? (await left(target)) }
  }
}

const churn: Case = {
  id: 'B25',
  title: 'subscribe and complete at once, for 5 s',
  bounds: { growthMb: 50 },
  async attack(target): Promise<Taken> {
    const client = await subscribed(target)
    const until = performance.now() + 5000
    let n = 0
    for (; performance.now() < until && client.ended === null; n++) {
      client.send(subscribe(`c${n}`))
      client.send({ type: 'complete', id: `c${n}` })
      await sleep(2 * PACE_MS)
    }
    const seen = ending(client)
    client.socket.terminate()
    return { attacks: n, seen, wrong: (seen === 'open' ? null : `ended with ${seen}`) ?? (await left(target)) }
  }
}

const sameId: Case = {
  id: 'B26',
  title: 'the same id twice',
  bounds: {},
  async attack(target): Promise<Taken> {
    const client = await subscribed(target)
    client.send(subscribe('same'))
    client.send(subscribe('same'))
    await until(() => client.ended !== null, 5000)
    const seen = ending(client)
    client.socket.terminate()
    return { attacks: 1, seen, wrong: seen === '4409' ? null : `ended with ${seen}, not 4409` }
  }
}

const slowReaders: Case = {
  id: 'B27',
  title: `${SLOW_READERS} sockets that subscribe and never read`,
  bounds: { growthMb: 50 },
  async attack(target): Promise<Taken> {
    const first = await subscribed(target)
    first.socket.terminate()
    const clients: Client[] = []
    while (clients.length < SLOW_READERS) clients.push(await entered(target))
    for (const client of clients) client.send(subscribe('heavy', 5, 20_000))
    await sleep(100)
    for (const { socket } of clients) socket.pause()
    await sleep(SLOW_FOR_MS)
    const running = await openTicks(target)
    for (const { socket } of clients) socket.resume()
    await until(() => clients.every(told), 5000)
    for (const { socket } of clients) socket.terminate()
    const seen = tally(clients.map(client => toldWhat(client)))
    const wrong =
      running > 0 ? `${running} went on while nobody read` : clients.every(told) ? null : `not all were told: ${seen}`
    return { attacks: SLOW_READERS, seen, wrong: wrong ?? (await left(target)) }
  }
}

/** Nothing is left out in silence: a slow reader's subscription, or its socket, ends and says so. */
const told = (client: Client) => /^(1013|4403)$/.test(ending(client)) || of(client, 'heavy', 'error')

function toldWhat(client: Client): string {
  const error = client.messages.find(({ type }) => type === 'error')
  return /"code":"([A-Z_]+)"/.exec(JSON.stringify(error ?? {}))?.[1] ?? ending(client)
}

export const SUBSCRIPTIONS: readonly Case[] = [flood, oneTooMany, churn, sameId, slowReaders]
