import { hash as hashOf } from 'node:crypto'
import type { Caller } from '../execute/access.ts'
import type { AutomaticDocuments } from './automatic-documents.ts'
import type { ShapedRequest } from './request.ts'
import { type RequestError, refuse } from './request-error.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

export interface DocumentsOptions {
  /** Null when there is no manifest. */
  readonly trusted: TrustedDocuments | null
  /** Nothing but documents of the manifest is run, for every caller. */
  readonly trustedOnly: boolean
  /** Null when automatic persisted queries are off. */
  readonly automatic: AutomaticDocuments | null
}

type Asked = Pick<ShapedRequest, 'query' | 'documentId' | 'hash'>

/**
 * The text of the document that a request asks for: sent along, of the manifest of trusted documents, or registered
 * before (automatic persisted queries). Throws RequestError BAD_REQUEST or a PERSISTED_QUERY code.
 */
export type FindDocument = (request: Asked, caller: Pick<Caller, 'consumer' | 'trustedDocumentsOnly'>) => string

const SHA256 = /^[0-9a-f]{64}$/
const PREFIX = 'sha256:'

/** Where documents come from, the same for every transport. */
export function documentFinder({ trusted, trustedOnly, automatic }: DocumentsOptions): FindDocument {
  return (request, caller) => {
    const { query, documentId, hash } = request
    const restricted = trustedOnly || caller.trustedDocumentsOnly === true
    if (query !== null && documentId === null && hash === null && !restricted) return query

    if (query !== null && restricted) throw idRequired()
    if (documentId !== null && (query !== null || hash !== null)) {
      throw refuse('BAD_REQUEST', 'Send "documentId" without "query" and without "extensions.persistedQuery".')
    }
    const id = documentId ?? hash
    if (id === null) throw idRequired()
    const listed = trusted?.get(id) ?? (id.startsWith(PREFIX) ? trusted?.get(id.slice(PREFIX.length)) : undefined)
    if (query !== null) return registered(query, id, caller)
    if (listed !== undefined) return listed
    if (restricted) throw notInList()
    return remembered(id, documentId !== null, caller)
  }

  function registered(query: string, hash: string, caller: Pick<Caller, 'consumer'>): string {
    if (!automatic) throw notSupported()
    // Whoever could choose the hash of a text could put it in the place of another (security A64).
    if (hashOf('sha256', query) !== hash) {
      throw refuse('BAD_REQUEST', 'provided sha does not match query')
    }
    automatic.keep(hash, query, caller)
    return query
  }

  function remembered(id: string, isDocumentId: boolean, caller: Pick<Caller, 'consumer'>): string {
    if (!automatic) throw isDocumentId || trusted ? notInList() : notSupported()
    const hash = isDocumentId && id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id
    if (!SHA256.test(hash)) {
      if (isDocumentId) throw notInList()
      throw refuse('BAD_REQUEST', '"extensions.persistedQuery.sha256Hash" must be 64 hexadecimal digits in lower case.')
    }
    const text = automatic.get(hash, caller)
    // Clients know this text, and send the document again with its hash.
    if (text === undefined) throw refuse('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
    return text
  }
}

function idRequired(): RequestError {
  return refuse(
    'PERSISTED_QUERY_ID_REQUIRED',
    'Only trusted documents are run here; send the id of one as "documentId", without "query".'
  )
}

function notInList(): RequestError {
  return refuse('PERSISTED_QUERY_NOT_IN_LIST', 'There is no trusted document of this id; ask for it to be registered.')
}

function notSupported(): RequestError {
  return refuse('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported')
}
