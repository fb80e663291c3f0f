import type { Answer } from '../support/load.ts'
import { quantile } from '../support/load.ts'
import { type Bounds, type Case, type Taken, tally } from './case.ts'
import type { Target } from './target.ts'

/** Attacks by requests: one after the other for some seconds, so that the ordinary caller meets them. */

const FOR_MS = 2500
const MOST = 5000

export interface Requests {
  readonly id: string
  readonly title: string
  readonly bounds?: Bounds
  /** The nth body; each may differ so that no cache answers for the router. */
  readonly body: (n: number) => string | Buffer
  readonly headers?: (n: number) => Readonly<Record<string, string>>
  /** Says what is wrong with an answer; null when it is as it should be. By default anything but a refusal is wrong. */
  readonly wrong?: (answer: Answer) => string | null
}

/** A case that sends such requests. */
export function requests({ id, title, bounds = {}, body, headers, wrong = notRefused }: Requests): Case {
  return {
    id,
    title,
    bounds,
    async attack(target) {
      const seen: string[] = []
      const latencies: number[] = []
      let problem: string | null = null
      const begun = performance.now()
      let attacks = 0
      for (; attacks < MOST && performance.now() - begun < FOR_MS; attacks++) {
        const text = body(attacks)
        const at = performance.now()
        const answer = await answered(target, text, headers?.(attacks))
        latencies.push(performance.now() - at)
        seen.push(typeof answer === 'string' ? answer : shown(answer))
        problem ??= typeof answer === 'string' ? null : wrong(answer)
      }
      const sorted = Float64Array.from(latencies).sort()
      return { attacks, seen: tally(seen), wrong: problem, latencyMs: quantile(sorted, 0.5) } satisfies Taken
    }
  }
}

/** A connection that the router closes on a request too long for it is a refusal, too. */
async function answered(
  target: Target,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> | undefined
): Promise<Answer | string> {
  try {
    return await target.send(body, headers)
  } catch (error) {
    if (!target.alive()) throw new Error(`the router ended: ${target.output().slice(-600)}`)
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

function shown(answer: Answer): string {
  const code = /"code":"([A-Z_]+)"/.exec(answer.text().slice(0, 4096))?.[1]
  return code === undefined ? String(answer.status) : `${answer.status} ${code}`
}

/** Refused: with a client's error, and in few words. A well-formed request for `application/json` is refused with 200. */
export function notRefused(answer: Answer): string | null {
  const text = answer.text()
  if (answer.status >= 500) return `status ${answer.status}: ${text.slice(0, 120)}`
  if (answer.bytes > 64 * 1024) return `${answer.bytes} bytes of refusal`
  if (answer.status >= 400) return null
  return /^\{"errors":/.test(text) ? null : `not refused: ${text.slice(0, 120)}`
}

/** Answered or refused, but not failed. */
export function failed(answer: Answer): string | null {
  const text = answer.text()
  if (answer.status >= 500 || text.includes('"INTERNAL"')) return `status ${answer.status}: ${text.slice(0, 200)}`
  return answer.bytes > 1024 * 1024 ? `${answer.bytes} bytes of answer` : null
}
