import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Unread } from '../../../gateway/serve/unread.ts'
import { startHttpDoor } from '../../support/http-door.ts'
import { eventually } from '../websocket/client.ts'

const KB = 1024
const BIG = 32 * 1024 * KB

/** As much of a response as waits, and is cut off. */
class Response extends EventEmitter {
  destroyed = false

  destroy(): this {
    this.destroyed = true
    this.emit('close')
    return this
  }
}

function waiting(unread: Unread, ...kilobytes: readonly number[]): readonly Response[] {
  return kilobytes.map(size => {
    const response = new Response()
    unread.add(response as never, size * KB)
    return response
  })
}
const cut = (responses: readonly Response[]) => responses.map(({ destroyed }) => destroyed)

describe('answers that nobody reads', () => {
  test('may wait up to a limit; beyond it the oldest are cut off, as many as it takes', () => {
    const unread = new Unread(100 * KB)
    const responses = waiting(unread, 40, 30, 30)
    expect(cut(responses)).toEqual([false, false, false])
    const [another] = waiting(unread, 50)
    expect([...cut(responses), another?.destroyed]).toEqual([true, true, false, false])
  })

  test('count no more once their response is closed', () => {
    const unread = new Unread(100 * KB)
    const responses = waiting(unread, 90, 10)
    responses[0]?.emit('close')
    const more = waiting(unread, 80)
    expect([...cut(responses), ...cut(more)]).toEqual([false, false, false])
  })

  test('are each sent, however large, when they wait alone', () => {
    const unread = new Unread(100 * KB)
    const [small, huge] = waiting(unread, 20, 500)
    expect([small?.destroyed, huge?.destroyed]).toEqual([true, false])
    const [next] = waiting(unread, 20)
    expect([huge?.destroyed, next?.destroyed]).toEqual([true, false])
  })

  test('do not count when they are short', () => {
    const unread = new Unread(20 * KB)
    const responses = waiting(unread, ...new Array<number>(100).fill(15))
    expect(cut(responses)).not.toContain(true)
  })
})

const SDL = 'type Query { big: String n(is: Int!): Int }'

describe('requests that are sent one behind the other', () => {
  const ask = (query: string) => {
    const body = JSON.stringify({ query })
    return `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  }
  const opened = async (url: string): Promise<Socket> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    return socket
  }

  test('are run each when the one before it has been answered and read', async () => {
    const running: number[] = []
    let most = 0
    const n = async ({ is }: { is: number }) => {
      running.push(is)
      most = Math.max(most, running.length)
      await delay(10)
      running.splice(running.indexOf(is), 1)
      return is
    }
    await using door = await startHttpDoor({ subgraphs: { only: { sdl: SDL, root: { n } } } })
    const socket = await opened(door.url)
    let text = ''
    socket.on('data', chunk => {
      text += chunk
    })
    socket.write([1, 2, 3, 4].map(is => ask(`{ n(is: ${is}) }`)).join(''))
    await eventually(() => text.includes('{"n":4}'), 'the last was not answered')
    expect([...text.matchAll(/"n":(\d)/g)].map(match => match[1])).toEqual(['1', '2', '3', '4'])
    expect(most).toBe(1)
    socket.destroy()
  })

  test('are not even begun behind an answer that nobody reads', async () => {
    let asked = 0
    const big = () => {
      asked++
      return 'x'.repeat(BIG)
    }
    await using door = await startHttpDoor({ subgraphs: { only: { sdl: SDL, root: { big } } } })
    const socket = await opened(door.url)
    socket.pause()
    socket.write(ask('{ big }').repeat(5))
    await eventually(() => asked > 0, 'nothing was asked')
    await delay(300)
    expect(asked).toBe(1)
    socket.destroy()
  })

  test('end with a connection that is cut, and leave the router well', async () => {
    await using door = await startHttpDoor({
      subgraphs: { only: { sdl: SDL, root: { big: () => 'x'.repeat(9e6), n: 1 } } }
    })
    const socket = await opened(door.url)
    socket.pause()
    socket.write(ask('{ big }').repeat(3))
    await delay(50)
    socket.destroy()
    expect((await door.post({ query: '{ n(is: 1) }' })).body).toEqual({ data: { n: 1 } })
  })

  test('are cut off with their connection when nothing of it moves for long', async () => {
    const transport = { requestTimeoutMs: 200, arrivalTimeoutMs: 200, headersTimeoutMs: 200, keepAliveMs: 100 }
    const root = { big: () => 'x'.repeat(BIG) }
    await using door = await startHttpDoor({ subgraphs: { only: { sdl: SDL, root } }, transport })
    const socket = await opened(door.url)
    socket.pause()
    socket.write(ask('{ big }'))
    await eventually(() => door.lines.some(line => line.includes('"answered"')), 'it was not answered')
    await delay(1_500)
    // What was on its way still comes; of what waited in the router nothing does.
    let bytes = 0
    socket.on('data', chunk => {
      bytes += chunk.length
    })
    socket.resume()
    await eventually(() => socket.readableEnded || socket.destroyed || bytes >= BIG, 'it neither ends nor comes')
    expect(bytes).toBeLessThan(BIG)
    socket.destroy()
  })
})
