/** What is wrong with a policy, where it stands, and what mends it. An error grants nothing; a warning grants. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  /** Null when the supergraph itself is wrong. */
  readonly file: string | null
  /** Counted from 1. */
  readonly line: number | null
  /** Where in the document: `grants[2].fields[0]`. */
  readonly clause: string | null
  readonly message: string
  readonly remedy: string
}

/** A place in a parsed document: `['grants', 2, 'fields', 0]`. */
export type Path = readonly (string | number)[]

/** Where a parsed document came from. */
export interface Source {
  readonly file: string
  /** Line of the clause at the path, or of the nearest clause around it; null when the source has no lines. */
  line(path: Path): number | null
}

/** One line that a person can act on: `file:line clause: message. remedy`. */
export function describeProblem({ file, line, clause, message, remedy }: Problem): string {
  const place = file === null ? '' : `${file}${line === null ? '' : `:${line}`}${clause ? ` ${clause}` : ''}: `
  return `${place}${message}. ${remedy}.`
}

/** Problems of one document, put down in its own terms. */
export function reporter(source: Source, into: Problem[]) {
  const report = (severity: Problem['severity']) => (path: Path, message: string, remedy: string) => {
    into.push({ severity, file: source.file, line: source.line(path), clause: clauseText(path), message, remedy })
  }
  return { error: report('error'), warning: report('warning') }
}

/** A path as people write it: `grants[2].fields[0]`. */
export function clauseText(path: Path): string {
  return path
    .map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '')
}
