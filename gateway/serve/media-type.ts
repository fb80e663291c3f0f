export const RESPONSE_TYPE = 'application/graphql-response+json'
export const JSON_TYPE = 'application/json'
export const EVENTS_TYPE = 'text/event-stream'

/** What this router answers in, in the order of its own preference. */
const TYPES = [RESPONSE_TYPE, JSON_TYPE, EVENTS_TYPE] as const

export type MediaType = (typeof TYPES)[number]

/** Clients send few different headers, again and again; whoever sends many shall not fill the memory. */
const MAX_KNOWN = 100
const known = new Map<string, MediaType | null>()

/**
 * The media type to answer in by an `Accept` header: the one with the highest quality, and of equals the one that says
 * most. Null when the caller takes none of ours; plain JSON when it does not care.
 */
export function acceptedType(header: string | undefined): MediaType | null {
  if (header === undefined) return JSON_TYPE
  const found = known.get(header)
  if (found !== undefined) return found
  const type = negotiate(header)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(header, type)
  return type
}

interface Range {
  readonly type: string
  readonly quality: number
}

function negotiate(header: string): MediaType | null {
  const ranges = header.split(',').flatMap(readRange)
  if (ranges.length === 0) return JSON_TYPE
  let best: MediaType | null = null
  let bestQuality = 0
  for (const type of TYPES) {
    const quality = qualityOf(type, ranges)
    if (quality > bestQuality) [best, bestQuality] = [type, quality]
  }
  return best
}

/** A wildcard means plain JSON: it is what a client without a preference can read. */
function qualityOf(type: MediaType, ranges: readonly Range[]): number {
  const named = ranges.find(range => range.type === type)
  if (named) return named.quality
  if (type !== JSON_TYPE) return 0
  const any = ranges.find(range => range.type === 'application/*') ?? ranges.find(range => range.type === '*/*')
  return any?.quality ?? 0
}

function readRange(part: string): Range[] {
  const [type = '', ...parameters] = part.split(';').map(piece => piece.trim().toLowerCase())
  if (type === '') return []
  const quality = parameters.find(parameter => parameter.startsWith('q='))
  const number = quality === undefined ? 1 : Number(quality.slice(2))
  return [{ type, quality: Number.isFinite(number) ? Math.max(0, Math.min(number, 1)) : 0 }]
}
