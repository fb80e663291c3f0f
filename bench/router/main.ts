import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { canPin, pinSelf } from '../support/process.ts'
import { type Outcome, reportOf, say } from '../support/report.ts'
import { type Contestant, startContestant } from './contestant.ts'
import { createFigures, ratiosOf } from './figures.ts'
import { floors, recordFloor } from './floor-contestant.ts'
import { ours } from './ours.ts'
import { peers } from './peers.ts'
import { runRounds } from './rounds.ts'
import { build, GATEWAY_CORE, LOAD_CORE, NODE_FLAGS, openSite, type Site } from './site.ts'
import { routerTable } from './table.ts'

const HELP = `npm run bench -- router [--json] [--only KEY,…] [--seconds N] [--rounds N] [--skip-workloads]
  [--no-build] [--root DIR] [--node-flags='…']
KEY: ours ours_dedupe ours_in_apollo floor floor_dedupe apollo hive hive_dedupe hive_rust hive_rust_dedupe mercurius grafbase`

/** Our router against its floor and its peers, on the federation benchmark. */
export async function run(args: readonly string[]): Promise<Outcome> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '5' },
      'skip-workloads': { type: 'boolean', default: false },
      'node-flags': { type: 'string', default: NODE_FLAGS.join(' ') },
      'no-build': { type: 'boolean', default: false },
      root: { type: 'string', default: resolve(import.meta.dirname, '..', '..') },
      help: { type: 'boolean', default: false }
    }
  })
  if (values.help) {
    console.log(HELP)
    process.exit()
  }
  const root = resolve(values.root)
  if (!values['no-build']) build(root)
  if (canPin) pinSelf(LOAD_CORE)
  else say('no taskset here: nothing is pinned, and figures are worth less')
  const only = values.only?.split(',')
  const wanted = (key: string) => only?.includes(key) ?? true

  await using site = await openSite(root, values['node-flags'].split(' ').filter(Boolean))
  const contestants = await contestantsOf(site, wanted)
  const figures = createFigures()
  const absences = await runRounds(site, contestants, figures, {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    workloads: !values['skip-workloads']
  })
  const all = figures.all()
  const ratios = ratiosOf(all)
  return {
    report: reportOf('router', all, ratios),
    table: routerTable(contestants, all, ratios, absences),
    failed: wanted('ours') && all['ours_cpu_ms'] === undefined
  }
}

async function contestantsOf(site: Site, wanted: (key: string) => boolean): Promise<readonly Contestant[]> {
  const own = await ours(site)
  const [alone] = own
  const floor = alone && (wanted('floor') || wanted('floor_dedupe')) ? await floorsBelow(site, alone) : []
  const all = [...own, ...floor].filter(({ key }) => wanted(key))
  // What is compared most closely is measured one after the other.
  const place = ({ key }: Contestant) => ORDER.indexOf(key)
  return [...all.sort((one, other) => place(one) - place(other)), ...peers(site, wanted)]
}

const ORDER = ['ours', 'floor', 'ours_dedupe', 'floor_dedupe', 'ours_in_apollo']

/** The floor asks what ours asks. */
async function floorsBelow(site: Site, alone: Contestant): Promise<readonly Contestant[]> {
  await using router = await startContestant(alone, { core: GATEWAY_CORE, headers: site.headers, operation: site.deep })
  return floors(site, await recordFloor(site, router))
}
