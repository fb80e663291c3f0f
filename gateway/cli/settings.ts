import { DEFAULT_SETTINGS, type Settings } from '../settings.ts'

/** The settings of a file, or the defaults without one. What reads files is loaded for a file alone. */
export async function loadSettings(file: string | null): Promise<Settings> {
  if (file === null) return DEFAULT_SETTINGS
  const { readSettings } = await import('../read-settings.ts')
  return readSettings(file)
}
