import { ConfigError } from './config.ts'
import { automaticDocuments } from './prepare/automatic-documents.ts'
import { documentFinder, type FindDocument } from './prepare/documents.ts'
import { loadTrustedDocuments } from './prepare/trusted-documents.ts'
import type { Settings } from './settings.ts'

/** Where the documents of requests come from, by the settings. Throws ConfigError when the manifest cannot be used. */
export async function openDocuments({
  manifest,
  trustedOnly,
  automatic
}: Settings['documents']): Promise<FindDocument> {
  if (trustedOnly && manifest === null)
    throw new ConfigError('documents.trustedOnly lets nothing run without documents.manifest: name the manifest')
  const trusted = manifest === null ? null : await loadTrustedDocuments(manifest).catch(refuse)
  return documentFinder({ trusted, trustedOnly, automatic: automatic ? automaticDocuments() : null })
}

function refuse(error: unknown): never {
  throw new ConfigError(error instanceof Error ? error.message : String(error))
}
