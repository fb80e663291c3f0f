/** A stretch of the normalised note with its place in it. */
export interface Segment {
  readonly text: string
  readonly start: number
  /** The mark that ended it, for telling a question. */
  readonly end: string
}

/** Sentences: what a full stop, question mark, semicolon or line break separates. */
export function sentences(text: string): readonly Segment[] {
  return split(text, 0, /[。！!？?；;\n]/g)
}

/** Clauses of a sentence: commas, and the spaces that buyers write in their place. */
export function clauses(sentence: Segment): readonly Segment[] {
  return split(sentence.text, sentence.start, /[，,]|(?<![a-z0-9])[ \u3000]+|[ \u3000]+(?![a-z0-9])/g).map(
    (part, i, all) => (i === all.length - 1 ? { ...part, end: sentence.end } : part)
  )
}

function split(text: string, offset: number, marks: RegExp): readonly Segment[] {
  const parts: Segment[] = []
  let from = 0
  for (const mark of text.matchAll(marks)) {
    if (mark.index > from) parts.push({ text: text.slice(from, mark.index), start: offset + from, end: mark[0] })
    from = mark.index + mark[0].length
  }
  if (from < text.length) parts.push({ text: text.slice(from), start: offset + from, end: '' })
  return parts
}

/** Words that hold a negator's character and negate nothing. */
const INNOCENT =
  /能不能|可不可以|是不是|要不要|行不行|特别|分别|别的|不过|不好意思|不知道?|没关系|没人|不在家?|无锡|无理由|没事|不行|不对|不便|不会|不够|不少|没有?空/g
const NEGATOR = /(不|别|莫|勿|甭|没|未|无|免|非|拒)[^，,]{0,4}$/

/** Whether what stands at `index` of a clause is negated by the few characters before it. */
export function negatedAt(clause: string, index: number): boolean {
  const before = clause.slice(0, index).replace(INNOCENT, word => '\u25a1'.repeat(word.length))
  return NEGATOR.test(before)
}
