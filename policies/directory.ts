import type { Consumer } from './consumer.ts'
import { type Person, SIGNING_ROLES } from './contract.ts'

/** Everyone that contracts name: who calls, and who signs. */
export interface Directory {
  readonly consumers: readonly Consumer[]
  readonly people: readonly Person[]
}

/** `consumers.yaml` as it is written. */
export interface DirectoryDocument {
  readonly company: string
  readonly consumers: readonly {
    readonly id: string
    readonly kind: Consumer['kind']
    readonly party?: string
    readonly claims?: Readonly<Record<string, string>>
    readonly about?: string
  }[]
  readonly people: readonly Person[]
}

const id = { type: 'string', pattern: '^[a-z][a-z0-9-]*$' }
const text = { type: 'string', minLength: 1 }

/** JSON Schema 2020-12 of `consumers.yaml`. */
export const DIRECTORY_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://oaas-gateway.example/consumers.schema.json',
  type: 'object',
  required: ['company', 'consumers', 'people'],
  additionalProperties: false,
  properties: {
    company: text,
    consumers: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'kind'],
        additionalProperties: false,
        properties: {
          id,
          kind: { enum: ['department', 'supplier', 'carrier', 'developer', 'customer', 'operator', 'room'] },
          party: id,
          claims: { type: 'object', additionalProperties: text },
          about: text
        }
      }
    },
    people: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'name', 'department', 'role'],
        additionalProperties: false,
        properties: { id, name: text, department: id, role: { enum: SIGNING_ROLES } }
      }
    }
  }
} as const

/** Consumers with their defaults filled in: the party is the consumer itself when nothing else is said (K1). */
export function readDirectory({ company, consumers, people }: DirectoryDocument): Directory {
  return {
    consumers: consumers.map(({ id, kind, party = id, claims = {} }) => ({ id, kind, party, company, claims })),
    people
  }
}
