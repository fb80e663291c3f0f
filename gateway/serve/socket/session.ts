import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { MessageType, type SubscribeMessage } from 'graphql-ws'
import type { RawData, WebSocket } from 'ws'
import { Fault } from '../../../platform/errors.ts'
import { type Door, type EnteredCaller, enter } from '../door.ts'
import { finished } from '../finished.ts'
import { CLOSE, Closing, closingOf, comeBack } from './closing.ts'
import { isProven, type Release } from './connections.ts'
import { introduction, isSomebodyElse } from './credentials.ts'
import { textFrame } from './frame.ts'
import { pongText, readMessage } from './message.ts'
import {
  endOperation,
  type Line,
  leaveOperation,
  type Operation,
  runOperation,
  sendErrors,
  startOperation
} from './operation.ts'
import { Outbox } from './outbox.ts'
import { Rate } from './rate.ts'

const LONGEST_TIMER_MS = 2 ** 31 - 1

export interface SessionOptions {
  readonly door: Door
  readonly socket: WebSocket
  /** The stream beneath the socket. */
  readonly stream: Duplex
  /** Of the upgrade request. */
  readonly headers: IncomingHttpHeaders
  /** Gives back the place that the socket has among those that have not proved who they are. */
  readonly release: Release
}

/** One socket that speaks graphql-transport-ws, from its upgrade to its close, for one caller. */
export class Session implements Line {
  readonly door: Door
  readonly outbox: Outbox
  trace: IncomingHttpHeaders = {}
  /** When the connection is gone. */
  readonly closed: Promise<void>
  readonly #socket: WebSocket
  readonly #headers: IncomingHttpHeaders
  readonly #operations = new Map<string, Operation>()
  readonly #rate: Rate
  readonly #keepAlive: NodeJS.Timeout
  #release: Release
  /** First that of `connection_init`, then that of the session. */
  #deadline: NodeJS.Timeout
  #initialised = false
  #caller: EnteredCaller | null = null
  #authorization: string | undefined
  #endsAt = Number.POSITIVE_INFINITY
  /** Whether anything was heard of the client since it was last pinged. */
  #heard = true
  #draining = false
  #ended = false

  constructor({ door, socket, stream, headers, release }: SessionOptions) {
    const { messagesPerSecond, operationsPerSocket, keepAliveMs, initTimeoutMs, socketBufferBytes } = door.transport
    this.door = door
    this.outbox = new Outbox(stream, socketBufferBytes)
    this.#socket = socket
    this.#headers = headers
    this.#release = release
    // A client that comes back starts all of its operations at once.
    this.#rate = new Rate(messagesPerSecond, messagesPerSecond + operationsPerSocket)
    this.#keepAlive = setInterval(() => this.#ping(), keepAliveMs).unref()
    const late = () => this.close(new Closing(CLOSE.initTimeout, 'Connection initialisation timeout'))
    this.#deadline = setTimeout(late, initTimeoutMs).unref()
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary))
    socket.on('ping', () => this.#hear())
    socket.on('pong', () => this.#hear())
    // ws closes with the right code by itself: 1009 too long, 1007 not UTF-8, 1002 no websocket frame, 1008 fragments.
    socket.on('error', error => {
      door.logger.debug({ code: 'code' in error ? error.code : null }, 'websocket error')
      this.#end()
    })
    this.closed = new Promise(resolve => {
      socket.on('close', () => {
        this.#end()
        this.#release()
        door.metrics.sockets.dec()
        resolve()
      })
    })
    door.metrics.sockets.inc()
  }

  /** Closes the socket; what was on its way is sent before the close frame, and nothing else is. */
  close({ code, message }: Closing): void {
    if (this.#ended) return
    this.#end()
    this.door.metrics.socketCloses.inc({ code })
    this.#socket.close(code, message)
  }

  /** Takes nothing new, lets queries and mutations end, and then sends the client away, to come back elsewhere. */
  drain(): void {
    this.#draining = true
    for (const operation of this.#operations.values()) if (operation.subscription) leaveOperation(operation)
    this.#leaveWhenIdle()
  }

  /** Sends the client away now. */
  dismiss(): void {
    this.close(comeBack(CLOSE.restart, 'Service restart: reconnect with your cursor'))
  }

  /** Ends the connection without a word. */
  terminate(): void {
    this.#end()
    this.#socket.terminate()
  }

  send(operation: Operation, text: string): boolean {
    return operation.state !== 'ended' && this.#write(text)
  }

  forget(operation: Operation): void {
    endOperation(operation)
    if (this.#operations.get(operation.id) === operation) this.#operations.delete(operation.id)
    this.#leaveWhenIdle()
  }

  #write(text: string): boolean {
    if (this.#ended) return false
    if (Date.now() >= this.#endsAt) this.#expire()
    // The client has said goodbye, or ws has closed the socket for what it sent.
    else if (this.#socket.readyState !== this.#socket.OPEN) this.#end()
    else if (this.outbox.send(textFrame(text))) return true
    else this.close(tooSlow())
    return false
  }

  /** Counts what the client sends, and reads its messages. */
  #hear(data?: RawData, isBinary = false): void {
    if (this.#ended) return
    this.#heard = true
    try {
      if (!this.#rate.take()) throw new Closing(CLOSE.tooMany, 'Too many messages: send fewer a second')
      if (data !== undefined) this.#receive(data, isBinary)
    } catch (thrown) {
      this.close(closingOf(thrown, this.door.logger))
    }
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (isBinary) throw new Closing(CLOSE.invalid, 'Invalid message: send text, not binary')
    const message = readMessage(String(data))
    switch (message.type) {
      case MessageType.ConnectionInit:
        if (this.#initialised) throw new Closing(CLOSE.tooMany, 'Too many initialisation requests')
        this.#initialised = true
        clearTimeout(this.#deadline)
        this.#begin(message.payload).catch(thrown => this.close(closingOf(thrown, this.door.logger)))
        break
      case MessageType.Ping:
        this.#write(pongText(message.payload))
        break
      case MessageType.Pong:
        break
      case MessageType.Subscribe:
        this.#subscribe(message)
        break
      case MessageType.Complete: {
        const operation = this.#operations.get(message.id)
        if (operation) this.forget(operation)
      }
    }
  }

  async #begin(payload: unknown): Promise<void> {
    const headers = introduction(payload, this.#headers)
    this.trace = { traceparent: headers['traceparent'], tracestate: headers['tracestate'] }
    const { authorization, 'accept-language': language } = headers
    const caller = await enter(this.door, { authorization, language, readAfter: undefined, headers })
    if (this.#ended) return
    const now = Date.now()
    if (caller.expiresAt <= now) throw expired()
    if (isProven(caller)) this.#prove(caller)
    const cursor = await this.#cursor(caller)
    if (this.#ended) return
    this.#caller = caller
    this.#authorization = authorization
    this.#endsAt = Math.min(caller.expiresAt, now + this.door.transport.sessionMaxMs)
    this.#awaitEnd()
    this.#write(JSON.stringify({ type: MessageType.ConnectionAck, ...(cursor !== null && { payload: { cursor } }) }))
  }

  /** From now on the socket counts as its caller's. */
  #prove(caller: EnteredCaller): void {
    const place = this.door.connections.proven(caller)
    if (!place) throw comeBack(CLOSE.tryAgainLater, 'Too many sockets of this caller: close some')
    this.#release()
    this.#release = place
  }

  /** A place in the log before anything is delivered: whoever is cut off at once can come back to it. */
  async #cursor({ consumer: { company } }: EnteredCaller): Promise<string | null> {
    const { log, cursors, logger } = this.door
    if (!log || !cursors) return null
    const position = await log.head().catch((thrown: unknown) => {
      logger.error({ err: thrown }, 'the log cannot be read')
      throw comeBack(CLOSE.tryAgainLater, 'The log cannot be read just now')
    })
    return cursors.write({ epoch: log.epoch, position, company, field: '*' })
  }

  #subscribe({ id, payload }: SubscribeMessage): void {
    if (!this.#caller) throw new Closing(CLOSE.unauthorized, 'Unauthorized')
    if (this.#operations.has(id)) throw new Closing(CLOSE.subscriberExists, `Subscriber for ${id} already exists`)
    if (isSomebodyElse(payload.extensions, this.#authorization)) {
      throw new Closing(CLOSE.forbidden, 'A socket is for one caller: open another one')
    }
    // The client asks again by itself where it is sent to.
    if (this.#draining) return
    const operation = startOperation(id)
    const most = this.door.transport.operationsPerSocket
    if (this.#operations.size >= most) {
      const fault = new Fault('RATE_LIMITED', `At most ${most} operations may run on one socket.`)
      sendErrors(this, operation, [fault.toGraphQL()])
      finished(this.door, {
        transport: 'websocket',
        prepared: null,
        caller: this.#caller,
        trace: null,
        code: fault.code,
        seconds: 0
      })
      return
    }
    // The id is taken before anything is waited for.
    this.#operations.set(id, operation)
    runOperation(this, operation, payload, this.#caller)
      .catch(thrown => this.close(closingOf(thrown, this.door.logger)))
      .finally(() => this.forget(operation))
  }

  #leaveWhenIdle(): void {
    if (!this.#draining || this.#ended || this.#operations.size > 0) return
    const flushed = this.outbox.flushed()
    if (flushed) void flushed.then(() => this.dismiss())
    else this.dismiss()
  }

  #awaitEnd(): void {
    const left = this.#endsAt - Date.now()
    const end = () => (Date.now() < this.#endsAt ? this.#awaitEnd() : this.#expire())
    this.#deadline = setTimeout(end, Math.min(left, LONGEST_TIMER_MS)).unref()
  }

  #expire(): void {
    const token = this.#caller !== null && this.#caller.expiresAt <= this.#endsAt
    this.close(token ? expired() : comeBack(CLOSE.restart, 'The session has lasted long enough: reconnect'))
  }

  /** A cut cable closes nothing: only silence tells. A full socket that empties, however slowly, is not silent. */
  #ping(): void {
    const emptying = this.outbox.emptying()
    if (this.#heard || emptying) {
      this.#heard = false
      this.#socket.ping()
    } else if (this.outbox.waiting) this.close(tooSlow())
    else this.terminate()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    clearInterval(this.#keepAlive)
    clearTimeout(this.#deadline)
    for (const operation of this.#operations.values()) endOperation(operation)
    this.#operations.clear()
    this.outbox.close()
  }
}

/** 4403 is the code after which clients come back with another token; 4401 is final for them. */
function expired(): Closing {
  return new Closing(CLOSE.forbidden, 'Token expired: reconnect with a new one')
}

function tooSlow(): Closing {
  return comeBack(CLOSE.tryAgainLater, 'Reading too slowly: reconnect with your cursor')
}
