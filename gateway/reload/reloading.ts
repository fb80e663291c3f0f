import type { Logger } from 'pino'
import { Counter, type Registry } from 'prom-client'
import type { Generations } from './generations.ts'

/** What is done when the supergraph's file has changed, and when it could not be read. Neither ever throws. */
export interface Reloading {
  changed(supergraphSdl: string): Promise<void>
  failed(error: unknown): void
}

/** Serves what the file holds now; whether that went well is in the log and counted. */
export function reloading(
  generations: Pick<Generations, 'replace'>,
  registry: Registry | null,
  logger: Pick<Logger, 'info' | 'error'>
): Reloading {
  const reloads = new Counter({
    name: 'oaas_supergraph_reloads_total',
    help: 'Changed supergraphs, by whether they are served now',
    labelNames: ['outcome'],
    registers: registry ? [registry] : []
  })
  const failed = (err: unknown) => {
    reloads.inc({ outcome: 'failed' })
    const why = err instanceof Error ? err.message : String(err)
    logger.error({ err }, `the changed supergraph cannot be served, the one before still is: ${why}`)
  }
  return {
    async changed(supergraphSdl) {
      try {
        if ((await generations.replace(supergraphSdl)) === 'unchanged') return
        reloads.inc({ outcome: 'served' })
        logger.info('a changed supergraph is served')
      } catch (error) {
        failed(error)
      }
    },
    failed
  }
}
