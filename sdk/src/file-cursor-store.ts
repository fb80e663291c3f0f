import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CursorStore } from './cursor-store.ts'

/** Keeps the cursor in a file of one line (Node only). A save replaces the file whole: a crash leaves the old or the new cursor. */
export function fileCursorStore(path: string): CursorStore {
  return {
    async load() {
      try {
        return (await readFile(path, 'utf8')).trim() || null
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    async save(cursor) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(`${path}.new`, `${cursor}\n`)
      await rename(`${path}.new`, path)
    }
  }
}
