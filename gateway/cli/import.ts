import { join } from 'node:path'
import { Command, Option } from 'commander'
import type { ImportTarget } from '../import/import-target.ts'
import { readMapping } from '../import/read-mapping.ts'
import { reportTable } from '../import/report.ts'
import { runImport } from '../import/run-import.ts'

interface Options {
  readonly rejects: string
  readonly company: string
  readonly format: 'json' | 'table'
}

/** `oaas import MAPPING FILE…`. `start` opens the rooms that are written to; the rejects go into `dataDir`. */
export function importCommand(start: () => Promise<ImportTarget & AsyncDisposable>, dataDir: string): Command {
  return new Command('import')
    .description('load orders from CSV, TSV, JSON lines or XLSX by a mapping file')
    .argument('<mapping>', 'the YAML mapping of columns to fields; docs/import.md explains it')
    .argument('<file...>', 'the data; each belongs to the source whose pattern its name fits')
    .option('--rejects <file>', 'where rejected rows go, .csv or .jsonl', join(dataDir, 'rejects.csv'))
    .option('--company <id>', 'the company that the orders are of', 'demo')
    .addOption(new Option('--format <format>', 'of the report').choices(['json', 'table']).default('json'))
    .action(async (mappingFile: string, files: string[], { rejects, company, format }: Options) => {
      const mapping = await readMapping(mappingFile)
      await using rooms = await start()
      const progress = (text: string): void => console.error(text)
      const report = await runImport(rooms, mapping, files, { company, rejects, progress })
      console.log(format === 'table' ? reportTable(report) : JSON.stringify(report, null, 2))
      if (report.rejects.rows > 0) console.error(`${report.rejects.rows} rows rejected: see ${report.rejects.file}`)
    })
}
