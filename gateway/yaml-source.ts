import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import type { Path, Problem, Source } from '../policies/problem.ts'

/** A YAML file as plain data, with the lines that its clauses stand on. */
export interface YamlSource extends Source {
  readonly value: unknown
  /** Why it cannot be read; then the value is null. */
  readonly problems: readonly Problem[]
}

/** References to references grow without bound: a contract has no need of many. */
const MAX_ALIASES = 20

/** Reads a YAML file; `name` is what problems call it. A file that is not there throws. */
export async function readYaml(path: string, name: string): Promise<YamlSource> {
  return parseYaml(await readFile(path, 'utf8'), name)
}

/** The same from text. */
export function parseYaml(text: string, file: string): YamlSource {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: true })
  const problems = document.errors.map(({ message, linePos }) =>
    notYaml(file, message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? '', linePos?.[0].line ?? null)
  )
  let value: unknown = null
  try {
    if (!problems.length) value = document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    problems.push(notYaml(file, error instanceof Error ? error.message : String(error), null))
  }
  return {
    file,
    value,
    problems,
    line(path: Path) {
      for (let depth = path.length; depth >= 0; depth--) {
        const node: unknown = document.getIn(path.slice(0, depth), true)
        const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null
        const [start] = Array.isArray(range) ? (range as unknown[]) : []
        if (typeof start === 'number') return counter.linePos(start).line
      }
      return null
    }
  }
}

function notYaml(file: string, message: string, line: number | null): Problem {
  return {
    severity: 'error',
    file,
    line,
    clause: null,
    message: message.replace(/[.:]$/, ''),
    remedy: 'Correct the YAML'
  }
}
