import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { execute, type GraphQLSchema, parse, validate } from 'graphql'
import { firstVersionSdl, SUBGRAPH_NAMES, type SubgraphName, subgraphSchema } from './schemas.ts'

/**
 * Four subgraphs in one process. The first time that a request body is seen, it is answered by its schema; from then on
 * from memory, so that subgraphs cost next to nothing and every router's own operations are answered properly.
 *
 * `POST /control {"delay": ms, "record": bool}` sets the latency, and starts or stops a record;
 * `/record` shows it, `/requests` counts.
 */

/** What one subgraph was asked, and when, in milliseconds of this process. */
export interface Recorded {
  readonly path: string
  readonly body: string
  readonly at: number
}

const schemas = new Map<string, GraphQLSchema>(SUBGRAPH_NAMES.map(name => [`/${name}`, subgraphSchema(name)]))
const answers = new Map<string, Buffer>()
let delay = 0
let requests = 0
let record: Recorded[] | null = null

async function firstAnswer(path: string, body: string): Promise<Buffer> {
  const made = Buffer.from(JSON.stringify(await respond(path, JSON.parse(body))))
  answers.set(path + body, made)
  return made
}

interface Request {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly operationName?: string
}

async function respond(path: string, { query, variables, operationName }: Request): Promise<unknown> {
  const schema = schemas.get(path)
  if (!schema) return { errors: [{ message: `no subgraph at ${path}` }] }
  if (/_service\b/.test(query)) return { data: { _service: { sdl: firstVersionSdl(path.slice(1) as SubgraphName) } } }
  const document = parse(query)
  const errors = validate(schema, document)
  if (errors.length > 0) return { errors }
  return execute({ schema, document, variableValues: variables, operationName })
}

function control(body: string): void {
  const given = JSON.parse(body) as { delay?: number; record?: boolean }
  if (given.delay !== undefined) delay = given.delay
  if (given.record !== undefined) record = given.record ? [] : null
}

function route(request: IncomingMessage, response: ServerResponse, body: string): void {
  const path = request.url ?? '/'
  if (path === '/control') {
    control(body)
    response.end('{}')
    return
  }
  if (path === '/record') {
    response.end(JSON.stringify(record ?? []))
    return
  }
  if (path === '/requests') {
    response.end(String(requests))
    return
  }
  requests++
  record?.push({ path, body, at: performance.now() })
  const send = (bytes: Buffer) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length })
    response.end(bytes)
  }
  const known = answers.get(path + body)
  if (!known) firstAnswer(path, body).then(send, error => refuse(response, error))
  else if (delay > 0) setTimeout(send, delay, known)
  else send(known)
}

function refuse(response: ServerResponse, error: unknown): void {
  response.writeHead(400).end(JSON.stringify({ errors: [{ message: String(error) }] }))
}

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const whole = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
    try {
      route(request, response, whole?.toString() ?? '')
    } catch (error) {
      refuse(response, error)
    }
  })
})
server.listen(0, '127.0.0.1', () => {
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
