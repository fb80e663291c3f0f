import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Fault } from '../../platform/errors.ts'
import type { Position } from '../../platform/log/log.ts'

/** What a cursor holds (semantics L2). `field` is `*` for the token of an acknowledgement: good for any subscription. */
export interface Place {
  readonly epoch: string
  readonly position: Position
  readonly company: string
  readonly field: string
}

export interface Cursors {
  write(place: Place): string
  /** Throws Fault CURSOR_INVALID unless it was written for this log, company and field. */
  read(cursor: string, expected: Omit<Place, 'position'>): Position
}

const VERSION = 1
const IV_BYTES = 12
const TAG_BYTES = 16
const MAX_CURSOR_CHARACTERS = 1024

/** Encrypted and authenticated, so that a client can neither read a position nor make one up. */
export function createCursors(key: Buffer): Cursors {
  return {
    write(place) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const text = cipher.update(JSON.stringify([place.epoch, place.position, place.company, place.field]), 'utf8')
      return Buffer.concat([Buffer.of(VERSION), iv, text, cipher.final(), cipher.getAuthTag()]).toString('base64url')
    },
    read(cursor, expected) {
      const [epoch, position, company, field] = decrypt(cursor, key)
      if (epoch !== expected.epoch) throw invalid('it belongs to another log (a backup was restored)')
      if (company !== expected.company) throw invalid('it was made for someone else')
      if (field !== '*' && field !== expected.field)
        throw invalid(`it belongs to another subscription than ${expected.field}`)
      return position
    }
  }
}

function decrypt(cursor: string, key: Buffer): readonly [string, Position, string, string] {
  const bytes = cursor.length <= MAX_CURSOR_CHARACTERS ? Buffer.from(cursor, 'base64url') : Buffer.alloc(0)
  if (bytes[0] !== VERSION || bytes.length <= 1 + IV_BYTES + TAG_BYTES) throw invalid('it is not one of ours')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + IV_BYTES))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const text = Buffer.concat([decipher.update(bytes.subarray(1 + IV_BYTES, -TAG_BYTES)), decipher.final()])
    return JSON.parse(text.toString('utf8'))
  } catch {
    throw invalid('it is not one of ours')
  }
}

function invalid(why: string): Fault {
  return new Fault(
    'CURSOR_INVALID',
    `The cursor cannot be used: ${why}. Query the present state and subscribe without "after".`
  )
}
