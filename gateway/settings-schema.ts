const count = { type: 'integer', minimum: 0 }
const some = { type: 'integer', minimum: 1 }
const flag = { type: 'boolean' }
const text = { type: 'string', minLength: 1 }
const http = { type: ['string', 'null'], pattern: '^https?://' }

function object(properties: Readonly<Record<string, object>>, description: string) {
  return { type: 'object', description, properties, additionalProperties: false }
}

function each(names: readonly string[], schema: object): Record<string, object> {
  return Object.fromEntries(names.map(name => [name, schema]))
}

const subgraph = object(
  {
    url: { ...http, description: 'Replaces the URL of the supergraph.' },
    ...each(['timeoutMs', 'connectTimeoutMs', 'maxResponseBytes', 'connections'], some),
    retries: { type: 'integer', minimum: 0, maximum: 10 },
    dedupe: flag,
    breaker: object({ failures: count, openMs: some }, 'When a failing subgraph is left alone for a while.'),
    forwardHeaders: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', pattern: '^[a-z0-9-]+$' },
      description: 'Client headers, in lower case, that are sent on.'
    },
    subscriptions: object(
      {
        protocol: { enum: ['graphql-ws', 'sse', 'multipart'] },
        url: { type: ['string', 'null'], pattern: '^(https?|wss?)://' },
        silenceMs: {
          ...count,
          description: 'How long an HTTP stream may be silent before it counts as lost; 0 = for ever.'
        }
      },
      'How the subgraph’s own subscriptions are reached.'
    )
  },
  'How one subgraph is asked. Times in milliseconds.'
)

/** JSON Schema 2020-12 of the settings file; `docs/settings.schema.json` is this, for editors. */
export const SETTINGS_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://oaas-gateway.example/settings.schema.json',
  title: 'Settings of the router',
  ...object(
    {
      limits: object(
        {
          ...each(['tokens', 'nesting', 'depth', 'introspectionDepth', 'rootFields', 'mutations'], some),
          ...each(['aliases', 'directives', 'variableDepth', 'listItems'], count),
          ...each(['selections', 'cost', 'variableBytes', 'planning'], some)
        },
        'What one request may ask for, on every transport.'
      ),
      transport: object(
        {
          ...each(['bodyBytes', 'headerBytes', 'frameBytes', 'socketBufferBytes'], some),
          ...each(['headersTimeoutMs', 'arrivalTimeoutMs', 'requestTimeoutMs', 'initTimeoutMs', 'keepAliveMs'], some),
          ...each(['sessionMaxMs', 'operationsPerSocket', 'messagesPerSecond'], some),
          ...each(['socketsPerConsumer', 'unprovenSocketsPerAddress'], some),
          batch: { ...count, description: 'Operations in one HTTP batch; 0 = batches are refused.' },
          drainNoticeMs: {
            ...count,
            description: 'How long /readyz says 503 before the port is closed, for load balancers to see it.'
          },
          drainMs: { ...count, description: 'How long running requests are given when the process is told to end.' }
        },
        'What a connection and a request may cost.'
      ),
      subgraphs: {
        type: 'object',
        description: 'By subgraph name; `*` is every other, and what a name does not say is as in `*`.',
        additionalProperties: subgraph
      },
      authorization: object(
        {
          mode: { enum: ['filter', 'reject'] },
          ...each(['scopesClaim', 'policiesClaim'], text),
          operatorScope: {
            type: ['string', 'null'],
            minLength: 1,
            description: 'Over a graph that lists no consumers: who has this scope is an operator.'
          }
        },
        'How @authenticated, @requiresScopes and @policy are kept.'
      ),
      documents: object(
        {
          manifest: { type: ['string', 'null'], minLength: 1, description: 'A path, from where this file is.' },
          ...each(['trustedOnly', 'automatic'], flag)
        },
        'Trusted documents and automatic persisted queries.'
      ),
      dedupe: { ...flag, description: 'Identical queries of one caller that are on their way at once are run once.' },
      overrideLabels: {
        type: 'object',
        description: 'By label of a progressive @override: whether it applies, or to how many requests in a hundred.',
        additionalProperties: { type: ['boolean', 'number'], minimum: 0, maximum: 100 }
      }
    },
    'What is not named is as in the documentation of the router.'
  )
} as const
