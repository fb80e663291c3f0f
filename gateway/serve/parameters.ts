import type { IncomingMessage } from 'node:http'
import { Fault } from '../../platform/errors.ts'
import type { GraphQLRequest } from '../engine.ts'
import { isRecord } from '../execute/bare.ts'
import { readJson, requireJson } from './body.ts'
import { mayBeForged } from './forgery.ts'

/** A request, or the entries of a batch with nothing known about them. */
export type Parameters = GraphQLRequest | readonly unknown[]

/** What a GET or a POST asks for. Throws Fault. */
export async function readParameters(request: IncomingMessage, maxBytes: number): Promise<Parameters> {
  if (request.method !== 'POST') return fromTarget(request)
  const body = await readJson(request, maxBytes)
  if (Array.isArray(body) || isRecord(body)) return body
  throw new Fault('BAD_REQUEST', 'The request body must be a JSON object with "query".')
}

function fromTarget(request: IncomingMessage): GraphQLRequest {
  if (request.headers['content-type'] !== undefined) requireJson(request)
  if (mayBeForged(request)) {
    throw new Fault('BAD_REQUEST', 'Send GET queries with the header "GraphQL-Require-Preflight: 1", or use POST.')
  }
  const { url = '' } = request
  const question = url.indexOf('?')
  const parameters = new URLSearchParams(question < 0 ? '' : url.slice(question + 1))
  return {
    query: parameters.get('query') ?? undefined,
    documentId: parameters.get('documentId') ?? undefined,
    operationName: parameters.get('operationName') ?? undefined,
    variables: jsonParameter(parameters, 'variables'),
    extensions: jsonParameter(parameters, 'extensions')
  }
}

function jsonParameter(parameters: URLSearchParams, name: string): unknown {
  const text = parameters.get(name)
  if (text === null || text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new Fault('BAD_REQUEST', `The parameter "${name}" is not valid JSON.`)
  }
}
