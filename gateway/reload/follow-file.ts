import { readFile, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** A file that is read again whenever it changes. */
export interface FollowedFile extends AsyncDisposable {
  /** Reads it now, whatever its date. */
  read(): Promise<void>
}

export interface FollowFileOptions {
  readonly path: string
  readonly changed: (text: string) => Promise<void>
  readonly failed: (error: unknown) => void
  /** How often it is looked at, in milliseconds. */
  readonly intervalMs?: number
}

/**
 * Follows a file by its name: editors and deployments replace files and the links to them, which a watch on the file itself
 * would miss. A file is read once two looks have found it alike, so that it is not read half written.
 */
export function followFile({ path, changed, failed, intervalMs = 200 }: FollowFileOptions): FollowedFile {
  const stopped = new AbortController()
  const read = async () => {
    try {
      await changed(await readFile(path, 'utf8'))
    } catch (error) {
      failed(error)
    }
  }
  const follow = async () => {
    let before = await state(path)
    // It may have changed since whoever follows it read it first.
    let known = ''
    for (;;) {
      await delay(intervalMs, null, { ref: false, signal: stopped.signal })
      const now = await state(path)
      if (now === before && now !== known) {
        known = now
        await read()
      }
      before = now
    }
  }
  const following = follow().catch((error: unknown) => {
    if (!stopped.signal.aborted) failed(error)
  })
  return {
    read,
    async [Symbol.asyncDispose]() {
      stopped.abort()
      await following
    }
  }
}

async function state(path: string): Promise<string> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(path, { bigint: true })
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`
  } catch {
    return 'missing'
  }
}
