import {
  type CompleteMessage,
  type ConnectionInitMessage,
  MessageType,
  type PingMessage,
  type PongMessage,
  type SubscribeMessage,
  validateMessage
} from 'graphql-ws'
import { CLOSE, Closing } from './closing.ts'

/** What a client may send. */
export type ClientMessage = ConnectionInitMessage | PingMessage | PongMessage | SubscribeMessage | CompleteMessage

/** An id goes back with every event: a long one would make much out of little. */
const MAX_ID_CHARACTERS = 256
const FROM_SERVERS: ReadonlySet<string> = new Set([MessageType.ConnectionAck, MessageType.Next, MessageType.Error])

/** Reads a message. Throws a Closing 4400 that says what is wrong with it. */
export function readMessage(text: string): ClientMessage {
  try {
    const message = validateMessage(JSON.parse(text))
    if (FROM_SERVERS.has(message.type)) throw new Error(`"${message.type}" is for servers to send`)
    if ('id' in message && message.id.length > MAX_ID_CHARACTERS) {
      throw new Error(`"id" is longer than ${MAX_ID_CHARACTERS} characters`)
    }
    return message as ClientMessage
  } catch (error) {
    throw new Closing(CLOSE.invalid, `Invalid message: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

/** The answer to a ping. Throws a Closing 4400 for a payload that nests deeper than it could be written again. */
export function pongText(payload: unknown): string {
  if (!payload) return '{"type":"pong"}'
  try {
    return `{"type":"pong","payload":${JSON.stringify(payload)}}`
  } catch {
    throw new Closing(CLOSE.invalid, 'Invalid message: the payload is nested too deeply')
  }
}
