import { createInterface } from 'node:readline'
import { Command } from 'commander'
import { type DetectedIntent, detectIntents } from '../../subgraphs/routing/subgraph.ts'
import { CommandError } from './command-error.ts'

/** `oaas intents`: notes as JSON lines on stdin, what they ask for as JSON lines on stdout, in the same order. */
export function intentsCommand(): Command {
  return new Command('intents')
    .description('read notes as JSON lines {"id","at","text"} on stdin and say what each asks for')
    .option('--zone <zone>', 'IANA time zone in which the notes’ days are days', 'Asia/Shanghai')
    .action(async ({ zone }: { zone: string }) => {
      let line = 0
      const bad: string[] = []
      for await (const text of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
        line += 1
        if (text.trim() === '') continue
        const answer = answerTo(text, zone)
        if (typeof answer === 'string') bad.push(`line ${line}: ${answer}`)
        else process.stdout.write(`${JSON.stringify(answer)}\n`)
      }
      // The good notes are answered all the same; the exit code says that not all were.
      if (bad.length) throw new CommandError(`${bad.length} notes could not be read: ${bad.slice(0, 5).join('; ')}`)
    })
}

interface Answer {
  readonly id: unknown
  readonly intents: readonly string[]
  readonly slots: Readonly<Record<string, string | readonly string[]>>
  readonly detail: readonly { readonly code: string; readonly confidence: number; readonly span: readonly number[] }[]
}

/** The answer to one line, or what is wrong with it. */
function answerTo(line: string, zone: string): Answer | string {
  let note: unknown
  try {
    note = JSON.parse(line)
  } catch {
    return 'not JSON'
  }
  if (typeof note !== 'object' || note === null) return 'not an object'
  const { id, at, text } = note as Readonly<Record<string, unknown>>
  if (typeof text !== 'string') return 'no "text"'
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at)))
    return '"at" is not an instant like 2026-03-06T09:30:00+08:00'
  const intents = detectIntents({ text, at, zone })
  return {
    id: id ?? null,
    intents: intents.map(intent => intent.code),
    slots: Object.fromEntries(intents.flatMap(slotOf)),
    detail: intents.map(({ code, confidence, span }) => ({ code, confidence, span }))
  }
}

function slotOf({ code, date, carriers }: DetectedIntent): readonly (readonly [string, string | readonly string[]])[] {
  if (date !== null) return [[code, date]]
  return carriers.length > 0 ? [[code, carriers]] : []
}
