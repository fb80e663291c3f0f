import type { SubgraphRequest } from '../../platform/executor/executor.ts'
import { canForward } from '../../platform/executor/headers.ts'
import { type HttpExecutorOptions, httpExecutor } from '../../platform/executor/http.ts'
import { holding } from '../contracts/executor/holding.ts'
import { operationOf } from '../contracts/executor/subgraph.ts'
import { accessOf } from './support.ts'

const query: SubgraphRequest = { operation: operationOf('{ hello }'), variables: {}, access: accessOf() }

/** The headers that the subgraph sees. */
async function sent(request: Partial<SubgraphRequest>, over: Partial<HttpExecutorOptions> = {}) {
  await using subgraph = await holding()
  subgraph.release()
  await using executor = httpExecutor({ url: subgraph.url, secret: null, subgraph: 'probe', ...over })
  await executor.execute({ ...query, ...request })
  return subgraph.asked[0]?.headers ?? {}
}

const NEVER = [
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'oaas-signature',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'not a name',
  'Upper',
  ''
]

describe('the headers of a subgraph request', () => {
  test('are the same few, and none of the client’s, when nothing is set', async () => {
    const headers = await sent({ headers: { authorization: 'Bearer t', cookie: 'c' } })
    expect(Object.keys(headers).sort()).toEqual(['accept', 'connection', 'content-length', 'content-type', 'host'])
    expect(headers.accept).toBe('application/graphql-response+json, application/json;q=0.9')
  })

  test('have those of the client’s that the settings name', async () => {
    const client = { authorization: 'Bearer é', 'x-tenant': 'a', cookie: 'c' }
    const headers = await sent({ headers: client }, { forwardHeaders: ['authorization', 'x-tenant', 'x-absent'] })
    expect(headers).toMatchObject({ authorization: 'Bearer é', 'x-tenant': 'a' })
    expect(headers).not.toHaveProperty('cookie')
    expect(headers).not.toHaveProperty('x-absent')
  })

  test('have the trace of the request, not the client’s', async () => {
    const headers = await sent(
      {
        trace: { traceparent: '00-1-2-01', 'x-request-id': 'r1' },
        headers: { traceparent: 'forged', 'x-tenant': 'a' }
      },
      { forwardHeaders: ['traceparent', 'x-tenant'] }
    )
    expect(headers).toMatchObject({ traceparent: '00-1-2-01', 'x-request-id': 'r1', 'x-tenant': 'a' })
  })

  test('come from the client’s own names alone, not from what every object has', async () => {
    expect(Object.keys(await sent({ headers: {} }, { forwardHeaders: ['constructor'] }))).not.toContain('constructor')
  })

  test.each(NEVER)('never are a client’s %j: it does not start with such a setting', name => {
    expect(canForward(name)).toBe(false)
    const url = 'http://127.0.0.1:1/graphql'
    expect(() => httpExecutor({ url, secret: null, subgraph: 'probe', forwardHeaders: [name] })).toThrow('forwarded')
  })
})
