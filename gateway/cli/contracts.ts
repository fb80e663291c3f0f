import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { printSchema } from 'graphql'
import { packageRoot } from '../../platform/root.ts'
import { type CompiledBook, compileBook } from '../../policies/compile-book.ts'
import { diffBooks } from '../../policies/diff-books.ts'
import { type Explanation, explain } from '../../policies/explain.ts'
import type { PartyView } from '../../policies/party-view.ts'
import { describeProblem, type Problem } from '../../policies/problem.ts'
import { loadContracts, loadDirectory, POLICIES_DIRECTORY } from '../policies-files.ts'
import { comingProblems } from './coming-problems.ts'
import { CommandError } from './command-error.ts'

const SUPERGRAPH = join(packageRoot, 'schema', 'supergraph.graphql')

interface Options {
  readonly supergraph: string
  readonly policies: string
  readonly zone: string
  readonly json?: true
}

/** `oaas contracts check | view | explain | diff` */
export function contractsCommand(zone = 'Asia/Shanghai'): Command {
  const command = new Command('contracts').description('check contracts, and see what they show to whom')
  const sub = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .option('--supergraph <file>', 'the composed graph that the contracts are about', SUPERGRAPH)
  sub('check', 'check every contract of a directory; exit code 1 when one does not compile')
    .argument('[dir]', 'holds consumers.yaml and contracts/', POLICIES_DIRECTORY)
    .action(async (directory: string, options: Options) => check(directory, { ...options, zone }))
  sub('view', 'print the schema that a consumer sees')
    .argument('<consumer>')
    .option('--policies <dir>', 'holds consumers.yaml and contracts/', POLICIES_DIRECTORY)
    .action(async (consumer: string, options: Options) => {
      const { view } = await viewOf(consumer, { ...options, zone })
      console.log(printSchema(view.schema))
    })
  sub('explain', 'say which clause of which contract decides about a field, and why')
    .argument('<consumer>')
    .argument('<field>', 'Type.field, for example Order.placedAt')
    .option('--policies <dir>', 'holds consumers.yaml and contracts/', POLICIES_DIRECTORY)
    .option('--json', 'as JSON')
    .action(async (consumer: string, field: string, options: Options) => {
      const { book, party } = await partyOf(consumer, { ...options, zone })
      const explanation = explain(book, party, field)
      if (explanation.verdict === 'unknown')
        throw new CommandError(`there is no field ${field}: write it as Type.field`)
      console.log(options.json ? JSON.stringify(explanation, null, 2) : explanationText(explanation))
    })
  sub('diff', 'say what a change widens and narrows, and for whom')
    .argument('<before>', 'a policies directory')
    .argument('<after>', 'a policies directory')
    .option('--json', 'as JSON')
    .action(async (before: string, after: string, options: Options) => diff(before, after, { ...options, zone }))
  return command
}

async function check(directory: string, options: Pick<Options, 'supergraph' | 'zone'>): Promise<void> {
  const { book, compileAt, problems: present, count } = await compiled(directory, options)
  const problems = [...present, ...comingProblems(book, compileAt, options.zone)]
  for (const problem of problems) console.error(`${problem.severity}: ${describeProblem(problem)}`)
  const errors = problems.filter(p => p.severity === 'error').length
  if (errors)
    throw new CommandError(`${errors} error${errors === 1 ? '' : 's'} in ${count} contracts: mend what is named above`)
  console.log(`${count} contracts compile`)
}

async function diff(before: string, after: string, options: Options): Promise<void> {
  const [a, b] = await Promise.all([compiled(before, options), compiled(after, options)])
  const changes = diffBooks(a.book, b.book)
  if (options.json) return console.log(JSON.stringify(changes, null, 2))
  if (!changes.length) return console.log('nothing changes for anyone')
  for (const c of changes) console.log(`${c.party}: ${c.effect} ${c.subject}: ${c.before} → ${c.after}`)
}

interface Compiled {
  readonly book: CompiledBook
  /** Compiles the same files as if it were then (milliseconds). */
  compileAt(now: number): CompiledBook
  readonly problems: readonly Problem[]
  readonly count: number
  readonly partyById: ReadonlyMap<string, string>
}

async function compiled(
  directory: string,
  { supergraph, zone }: Pick<Options, 'supergraph' | 'zone'>
): Promise<Compiled> {
  const supergraphSdl = await readText(supergraph, 'run npm run generate, or name one with --supergraph')
  const where = resolve(directory)
  // A folder of contracts alone is about the company's own consumers.
  const [own, files] = await Promise.all([loadDirectory(where).catch(orNullWhenMissing), contractsIn(where)])
  const known = own ?? (await loadDirectory())
  const compileAt = (now: number) =>
    compileBook({
      supergraphSdl,
      contracts: files.contracts,
      ...known,
      now,
      zone
    })
  const book = compileAt(Date.now())
  const problems = [...files.problems, ...book.problems]
  return {
    book,
    compileAt,
    problems,
    count: files.count,
    partyById: new Map(known.consumers.map(c => [c.id, c.party]))
  }
}

async function partyOf(consumer: string, options: Options): Promise<{ book: CompiledBook; party: string }> {
  const { book, partyById } = await compiled(options.policies, options)
  const party = partyById.get(consumer)
  if (party === undefined)
    throw new CommandError(`"${consumer}" is not known: use one of ${[...partyById.keys()].join(', ')}`)
  return { book, party }
}

async function viewOf(consumer: string, options: Options): Promise<{ view: PartyView }> {
  const { book, party } = await partyOf(consumer, options)
  const view = book.view(party)
  if (!view)
    throw new CommandError(
      `no contract grants ${consumer} anything: run oaas contracts check to see whether one does not compile`
    )
  return { view }
}

async function contractsIn(directory: string) {
  const files = await loadContracts(directory).catch((error: unknown) => {
    if (isMissing(error))
      throw new CommandError(`${directory} is not there: name a directory with *.contract.yaml files`)
    throw error
  })
  const count = new Set([...files.contracts.map(c => c.source.file), ...files.problems.map(p => p.file)]).size
  if (!count) throw new CommandError(`${directory} has no *.contract.yaml: name a directory that has`)
  return { ...files, count }
}

async function readText(path: string, remedy: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) throw new CommandError(`${path} is not there: ${remedy}`)
    throw error
  })
}

function orNullWhenMissing(error: unknown): null {
  if (isMissing(error)) return null
  throw error
}

function isMissing(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  )
}

function explanationText({ coordinate, party, verdict, owner, why, clauses, lift, through }: Explanation): string {
  const lines = [
    `${coordinate} is ${verdict} for ${party}: ${why}.`,
    `owner: ${owner ?? 'nobody (commons)'}`,
    ...clauses.map(c => {
      const place = `${c.file}${c.line === null ? '' : `:${c.line}`}`
      return `clause: ${c.contract} ${c.version} (${place}): ${c.mask ? `mask ${c.mask}` : 'plain'}, ${c.rows}`
    }),
    ...(lift ? [`to lift it: ${lift}`] : []),
    ...(through.length ? [`also tells of it: ${through.join(', ')}`] : [])
  ]
  return lines.join('\n')
}
