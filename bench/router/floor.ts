import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { Pool } from 'undici'

/**
 * The least that a router can do: the same subgraph requests in the same waves, each reply parsed, and one
 * `JSON.stringify` of an answer that is ready. `floor.ts FILE PORT [dedupe]`; FILE is a `Floor` as JSON.
 */

export interface Floor {
  readonly origin: string
  readonly waves: readonly (readonly { readonly path: string; readonly body: string }[])[]
  readonly answer: unknown
}

const [file = '', port = '0', dedupe] = process.argv.slice(2)
const { origin, waves, answer }: Floor = JSON.parse(readFileSync(file, 'utf8'))
const pool = new Pool(origin, { connections: 128 })
const headers = { 'content-type': 'application/json', accept: 'application/json' }

function ask(path: string, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    pool.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData: (_, chunk) => void chunks.push(chunk),
        onResponseEnd: () => resolve(JSON.parse(Buffer.concat(chunks).toString())),
        onResponseError: (_, error) => reject(error)
      }
    )
  })
}

const flying = new Map<string, Promise<unknown>>()

/** Asks, or waits with who asked the same and has no answer yet. */
function share(path: string, body: string): Promise<unknown> {
  const key = path + body
  const known = flying.get(key)
  if (known) return known
  const asked = ask(path, body).finally(() => flying.delete(key))
  flying.set(key, asked)
  return asked
}

const fetch = dedupe === 'dedupe' ? share : ask

async function run(): Promise<string> {
  for (const wave of waves) await Promise.all(wave.map(({ path, body }) => fetch(path, body)))
  return JSON.stringify(answer)
}

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    run().then(
      text => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
        response.end(text)
      },
      error => response.writeHead(500).end(String(error))
    )
  })
})
server.listen(Number(port), '127.0.0.1', () => console.log('ready'))
// So that a profiler gets to write its file.
process.on('SIGTERM', () => process.exit(0))
