import { readFile } from 'node:fs/promises'
import { isRecord } from '../execute/bare.ts'

/** Documents that the owner of the router has let in, by id. */
export type TrustedDocuments = ReadonlyMap<string, string>

const APOLLO = 'apollo-persisted-query-manifest'

/** Reads a manifest file. Throws with the path and what is wrong. */
export async function loadTrustedDocuments(path: string): Promise<TrustedDocuments> {
  try {
    return readTrustedDocuments(await readFile(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`the manifest of trusted documents ${path} cannot be read: ${reason}`, { cause: error })
  }
}

/**
 * Reads a manifest: a plain map from id to text, as Relay and GraphQL Code Generator write it, or Apollo's
 * `{"format":"apollo-persisted-query-manifest","operations":[{"id","body"}]}`. Throws with what is wrong.
 */
export function readTrustedDocuments(json: string): TrustedDocuments {
  const manifest: unknown = JSON.parse(json)
  if (!isRecord(manifest)) throw new Error('it must be a JSON object')
  const documents = new Map<string, string>()
  for (const [id, text] of Object.hasOwn(manifest, 'format') ? apollo(manifest) : Object.entries(manifest)) {
    if (typeof id !== 'string' || id === '') throw new Error('a document has no id')
    if (typeof text !== 'string' || text === '') throw new Error(`the document "${id}" has no text`)
    const other = documents.get(id)
    if (other !== undefined && other !== text) throw new Error(`the id "${id}" stands for two documents`)
    documents.set(id, text)
  }
  return documents
}

function apollo({ format, version, operations }: Record<string, unknown>): [unknown, unknown][] {
  if (format !== APOLLO) throw new Error(`its format is "${format}": use "${APOLLO}", or a map from id to text`)
  if (version !== undefined && version !== 1) throw new Error(`its version is ${version}: use 1`)
  if (!Array.isArray(operations)) throw new Error('it has no list "operations"')
  return operations.map(operation => (isRecord(operation) ? [operation['id'], operation['body']] : ['', '']))
}
