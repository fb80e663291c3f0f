import { CONTRACT_STAGES, CONTRACT_STATUSES, SIGNING_ROLES } from './contract.ts'
import { SIMPLE_MASKS } from './masks.ts'

const NAME = '^[A-Za-z_][A-Za-z0-9_]*$'
const PARTY = '^[a-z][a-z0-9-]*$'
const text = { type: 'string', minLength: 1 }
const day = { type: 'string', format: 'date', description: 'A day, for example 2026-03-06.' }

function object(required: readonly string[], properties: Readonly<Record<string, unknown>>, description: string) {
  return { type: 'object', description, required, properties, additionalProperties: false }
}

const scopeValues = {
  description: 'The values that the key may hold: literals, or $claim for what the caller’s token says.',
  type: 'array',
  minItems: 1,
  uniqueItems: true,
  items: { type: 'string', pattern: '^(\\$[A-Za-z][A-Za-z0-9_]*|[^$].*)$' }
}

const scope = {
  description: 'Which rows: `all`, or keys that must all hold. Several grants of a field add up (K3, K4).',
  oneOf: [
    { const: 'all' },
    {
      type: 'object',
      minProperties: 1,
      additionalProperties: false,
      properties: Object.fromEntries(
        ['orderId', 'channel', 'customerId', 'supplierIds', 'region', 'carrier'].map(key => [key, scopeValues])
      )
    }
  ]
}

const mask = {
  description: 'How the value is changed before it is shown. A masked field cannot be filtered or sorted by (K6).',
  oneOf: [
    { enum: SIMPLE_MASKS },
    object(
      ['bucket'],
      { bucket: { type: 'array', minItems: 1, items: { type: 'number' }, description: 'Rising edges.' } },
      'Which range a number falls into.'
    ),
    object(['constant'], { constant: { type: ['string', 'number', 'boolean'] } }, 'Always this value.')
  ]
}

const signedReason = { why: text, by: { ...text, description: 'A person of the owner, from consumers.yaml.' } }

const grant = object(
  ['on', 'fields'],
  {
    on: {
      type: 'string',
      pattern: `^(\\*|${NAME.slice(1, -1)})$`,
      description: 'A type, or * for all that the provider owns.'
    },
    fields: {
      description: 'Fields of the type, or * for all of them that the provider owns.',
      oneOf: [
        { const: '*' },
        { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', pattern: NAME } }
      ]
    },
    except: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', pattern: NAME },
      description: 'Fields that * leaves out.'
    },
    mask,
    scope: { ...scope, description: 'Instead of the contract’s own scope; on mutations, the write scope (K7).' },
    exception: object(['why', 'by'], signedReason, 'Why a subscription may tell by its arrival what a mask hides (K6).')
  },
  'One clause: what is shared, how, and of which rows.'
)

/** JSON Schema 2020-12 of a contract; `contract.schema.json` is this, for editors. */
export const CONTRACT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://oaas-gateway.example/contract.schema.json',
  title: 'Data-sharing contract',
  ...object(
    ['id', 'version', 'status', 'stage', 'provider', 'consumer', 'purpose', 'valid', 'notice', 'grants', 'signatures'],
    {
      id: { type: 'string', pattern: PARTY, description: 'By convention provider-consumer.' },
      version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
      status: { enum: CONTRACT_STATUSES, description: 'Only FINALIZED grants anything.' },
      stage: {
        enum: CONTRACT_STAGES,
        description: 'aggregate: no single records. pilot: one partner. collaboration: as agreed.'
      },
      provider: { type: 'string', pattern: PARTY, description: 'The department that owns what is granted (K2).' },
      consumer: { type: 'string', pattern: PARTY, description: 'The party class that receives it (K1).' },
      purpose: { ...text, description: 'What it is for, in a sentence.' },
      valid: object(['from', 'until'], { from: day, until: day }, 'First and last day, in the company’s zone.'),
      notice: {
        type: 'string',
        pattern: '^P(\\d+[DWMY])+$',
        description: 'Notice before a grant is withdrawn, for example P30D (K9).'
      },
      scope: object([], { read: scope, write: scope }, 'Default row scopes of everything granted here (K4, K7).'),
      grants: { type: 'array', minItems: 1, items: grant },
      declassify: {
        type: 'array',
        minItems: 1,
        items: object(
          ['source', 'through', 'why', 'by'],
          {
            source: {
              type: 'string',
              pattern: `^${NAME.slice(1, -1)}\\.${NAME.slice(1, -1)}$`,
              description: 'The fact, as Type.field.'
            },
            through: {
              type: 'string',
              pattern: `^${NAME.slice(1, -1)}\\.${NAME.slice(1, -1)}$`,
              description: 'The field that is built from it.'
            },
            ...signedReason
          },
          'The source’s owner lets another field show what it is built from (K5).'
        )
      },
      signatures: {
        type: 'array',
        items: object(
          ['person', 'role', 'at'],
          { person: text, role: { enum: SIGNING_ROLES }, at: day },
          'Who agreed, as what, and when.'
        )
      }
    },
    'What one department shares with one party: which fields, masked how, of which rows, for what.'
  )
} as const
