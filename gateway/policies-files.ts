import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { GraphQLSchema } from 'graphql'
import QuickLru from 'quick-lru'
import { systemClock } from '../platform/clock.ts'
import { packageRoot } from '../platform/root.ts'
import { type CompiledBook, compileBook } from '../policies/compile-book.ts'
import type { Contract } from '../policies/contract.ts'
import { type Directory, readDirectory } from '../policies/directory.ts'
import { liveBook } from '../policies/live-book.ts'
import { describeProblem, type Problem } from '../policies/problem.ts'
import type { Book } from '../policies/view.ts'
import { readContract, readDirectoryDocument } from './policy-shape.ts'
import { readYaml } from './yaml-source.ts'

/** A policy file that cannot be used; its message says where and what to do. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
}

/** A graph of 500 fields makes a schema of about 0.8 MB (semantics K10). */
const SCHEMAS_KEPT = 64

/** Where the company's contracts and consumers are. */
export const POLICIES_DIRECTORY = join(packageRoot, 'policies')

/** Who calls and who signs, from `consumers.yaml`. Throws PolicyError. */
export async function loadDirectory(directory: string = POLICIES_DIRECTORY): Promise<Directory> {
  const path = join(directory, 'consumers.yaml')
  const source = await readYaml(path, shown(path))
  const { document, problems } = source.problems.length
    ? { document: null, problems: source.problems }
    : readDirectoryDocument(source.value, source)
  if (!document) throw new PolicyError(problems.map(describeProblem).join('\n'))
  return readDirectory(document)
}

export interface ContractFiles {
  readonly contracts: readonly Contract[]
  /** What is not even the shape of a contract; the compiler finds the rest. */
  readonly problems: readonly Problem[]
}

/** Reads every `*.contract.yaml` of a directory, or of its `contracts/`. */
export async function loadContracts(directory: string = POLICIES_DIRECTORY): Promise<ContractFiles> {
  const inner = join(directory, 'contracts')
  const names = await contractNames(inner).catch(() => null)
  const folder = names ? inner : directory
  const contracts: Contract[] = []
  const problems: Problem[] = []
  for (const name of names ?? (await contractNames(folder))) {
    const path = join(folder, name)
    const source = await readYaml(path, shown(path))
    problems.push(...source.problems)
    if (source.problems.length) continue
    const shaped = readContract(source.value, source)
    problems.push(...shaped.problems)
    if (shaped.document) contracts.push({ document: shaped.document, source })
  }
  return { contracts, problems }
}

export interface LoadBookOptions {
  /** The company's zone. */
  readonly zone?: string
  readonly directory?: string
  readonly now?: () => number
  /** What a contract is refused for; by default it goes to stderr. */
  readonly report?: (problem: Problem) => void
}

/**
 * The book of the policy files. A contract that does not compile grants nothing (fail closed) and is reported; the book is
 * compiled again when a contract's validity begins or ends.
 */
export async function loadBook(
  supergraphSdl: string,
  { consumers, people }: Directory,
  options: LoadBookOptions = {}
): Promise<Book> {
  const { zone, now = systemClock.now, report = problem => console.error(describeProblem(problem)) } = options
  const { contracts, problems } = await loadContracts(options.directory)
  problems.forEach(report)
  const schemas = new QuickLru<string, GraphQLSchema>({ maxSize: SCHEMAS_KEPT })
  const compile = (time: number): CompiledBook => {
    const book = compileBook({
      supergraphSdl,
      contracts,
      consumers,
      people,
      now: time,
      schemas,
      ...(zone === undefined ? {} : { zone })
    })
    book.problems.filter(p => p.severity === 'error').forEach(report)
    return book
  }
  return liveBook(compile, now)
}

async function contractNames(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter(name => name.endsWith('.contract.yaml')).sort()
}

function shown(path: string): string {
  const inside = relative(process.cwd(), path)
  return inside.startsWith('..') ? path : inside
}
