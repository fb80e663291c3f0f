/** Which limit a text exceeds before it is even parsed. */
export type Excess = 'nesting' | 'tokens'

/**
 * Counts brackets within brackets, and tokens at least, without recursion and without making anything: graphql-js parses
 * by recursion, so that a deep document would end in a RangeError, and it makes an object of every token. What is not a
 * document at all is left to the parser, which stops where this scan and it would part.
 */
export function scan(text: string, limits: { readonly nesting: number; readonly tokens: number }): Excess | null {
  const { nesting } = limits
  let depth = 0
  let tokens = 0
  let inWord = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // Names and numbers; a dot or a sign within a number goes on with it.
    if (isWord(code)) {
      if (!inWord && ++tokens > limits.tokens) return 'tokens'
      inWord = true
      continue
    }
    if (code === 0x2e && inWord) continue
    inWord = false
    switch (code) {
      case 0x7b: // {
      case 0x5b: // [
      case 0x28: // (
        if (++depth > nesting) return 'nesting'
        tokens++
        break
      case 0x7d: // }
      case 0x5d: // ]
      case 0x29: // )
        depth--
        tokens++
        break
      case 0x21: // !
      case 0x24: // $
      case 0x3a: // :
      case 0x3d: // =
      case 0x40: // @
        tokens++
        break
      case 0x23: // #
        i = endOfLine(text, i)
        break
      case 0x22: // "
        tokens++
        i = text.startsWith('"""', i) ? endOfBlock(text, i + 3) : endOfString(text, i + 1)
        break
    }
    if (tokens > limits.tokens) return 'tokens'
  }
  return null
}

/** Letters, digits, `_`, `-` and `+`. */
function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2b
  )
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
