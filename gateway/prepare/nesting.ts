/**
 * Whether brackets nest no deeper than `limit`, found without recursion: graphql-js parses by recursion, and a deep
 * document would end in a RangeError. What is not a document at all is left to the parser, which stops where this
 * scan and it would part.
 */
export function nestsWithin(text: string, limit: number): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x7b: // {
      case 0x5b: // [
      case 0x28: // (
        if (++depth > limit) return false
        break
      case 0x7d: // }
      case 0x5d: // ]
      case 0x29: // )
        depth--
        break
      case 0x23: // #
        i = endOfLine(text, i)
        break
      case 0x22: // "
        i = text.startsWith('"""', i) ? endOfBlock(text, i + 3) : endOfString(text, i + 1)
        break
    }
  }
  return true
}

function endOfLine(text: string, from: number): number {
  let i = from
  while (i < text.length && text.charCodeAt(i) !== 0x0a && text.charCodeAt(i) !== 0x0d) i++
  return i
}

function endOfString(text: string, from: number): number {
  let i = from
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x5c) i++
    else if (code === 0x22 || code === 0x0a || code === 0x0d) break
  }
  return i
}

function endOfBlock(text: string, from: number): number {
  let end = text.indexOf('"""', from)
  while (end > 0 && text.charCodeAt(end - 1) === 0x5c) end = text.indexOf('"""', end + 3)
  return end === -1 ? text.length : end + 2
}
