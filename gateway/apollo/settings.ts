import { DEFAULT_SETTINGS, type Settings, subgraphSettings } from '../settings.ts'
import type { OaasGatewayOptions } from './options.ts'

/** The settings over those of the router, but for what Apollo Server does itself. Throws ConfigError. */
export async function settingsOf({ settings, headers = {} }: OaasGatewayOptions<never>): Promise<Settings> {
  const every = { ...subgraphSettings(DEFAULT_SETTINGS, '*'), forwardHeaders: Object.keys(headers) }
  const defaults: Settings = { ...DEFAULT_SETTINGS, subgraphs: { '*': every }, dedupe: false }
  const { settingsFromValue } = await import('../read-settings.ts')
  return settingsFromValue(settings ?? {}, 'the settings of oaasGateway', defaults)
}
