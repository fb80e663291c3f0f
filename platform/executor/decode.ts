import { brotliDecompress, gunzip, inflate } from 'node:zlib'

type Decompress = (
  body: Buffer,
  options: { readonly maxOutputLength: number },
  done: (error: Error | null, decoded: Buffer) => void
) => void

const DECOMPRESS: ReadonlyMap<string, Decompress> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', brotliDecompress]
])

/** Nothing compressed is asked for, but some servers and proxies compress all the same; null = this coding is unknown. */
export function decompressor(encoding: string): Decompress | null {
  return DECOMPRESS.get(encoding.trim().toLowerCase()) ?? null
}

/** True when the body grew beyond `maxOutputLength`. */
export function isTooLong(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
