import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from './support/report.ts'

/** `npm run bench -- NAME [--json] [options of that benchmark]` */

interface Benchmark {
  run(args: readonly string[]): Promise<Outcome>
}

const here = import.meta.dirname
const names = readdirSync(here).filter(name => existsSync(join(here, name, 'main.ts')))
const [name, ...args] = process.argv.slice(2)

if (name === undefined || !names.includes(name)) {
  console.error(
    `${name ? `There is no benchmark ${name}.` : 'Which benchmark?'} npm run bench -- NAME [--json], NAME one of: ${names.join(', ')}`
  )
  process.exit(1)
}

try {
  const benchmark: Benchmark = await import(`./${name}/main.ts`)
  const json = args.includes('--json')
  const { report, table, failed } = await benchmark.run(args.filter(arg => arg !== '--json'))
  console.log(json ? JSON.stringify(report) : table)
  process.exit(failed ? 1 : 0)
} catch (error) {
  console.error(error instanceof Error && error.name === 'UsageError' ? error.message : error)
  process.exit(1)
}
