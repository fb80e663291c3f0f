import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { CommandError } from '../cli/command-error.ts'
import type { Row } from './rows.ts'

/** Where rows go that cannot be imported: CSV, or JSON lines when the file's name ends in `.jsonl`. */
export class Rejects implements AsyncDisposable {
  readonly path: string
  readonly #file: FileHandle
  #text: string
  rows = 0

  private constructor(path: string, file: FileHandle) {
    this.path = path
    this.#file = file
    this.#text = this.#isJson ? '' : 'file,line,reason,row\n'
  }

  /** Starts an empty file, which only its owner may read: rejected rows hold personal data. Throws CommandError. */
  static async open(path: string): Promise<Rejects> {
    const file = await open(path, 'w', 0o600).catch(error => {
      throw new CommandError(`rejects cannot be written to ${path} (${error.code}): name another file with --rejects`)
    })
    return new Rejects(path, file)
  }

  get #isJson(): boolean {
    return basename(this.path).endsWith('.jsonl')
  }

  async add(row: Row, reason: string): Promise<void> {
    this.rows += 1
    const { file, line, cells } = row
    if (this.#isJson) this.#text += `${JSON.stringify({ file: file.name, line, reason, row: cells })}\n`
    else this.#text += `${[file.name, String(line), reason, JSON.stringify(cells)].map(quoted).join(',')}\n`
    if (this.#text.length > 64_000) await this.#write()
  }

  async #write(): Promise<void> {
    await this.#file.write(this.#text)
    this.#text = ''
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#write()
    await this.#file.close()
  }
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
