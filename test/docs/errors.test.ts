import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FAULTS, Fault, type FaultCode } from '../../platform/errors.ts'
import { packageRoot } from '../../platform/root.ts'

const CODES = Object.keys(FAULTS) as FaultCode[]

/** Cells of each row of the table, without its head. */
const rows = readFileSync(join(packageRoot, 'docs', 'errors.md'), 'utf8')
  .split('\n')
  .filter(line => line.startsWith('| `'))
  .map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim())
  )

describe('docs/errors.md', () => {
  test('lists exactly the codes of the table, in its order', () => {
    expect(rows.map(([code]) => code)).toEqual(CODES.map(code => `\`${code}\``))
  })

  test.each(rows)('says of %s what the table says', (code = '', status, retryable, meaning, advice) => {
    const fault = FAULTS[code.slice(1, -1) as FaultCode]
    expect([status, retryable]).toEqual([String(fault.status), fault.retryable ? 'yes' : 'no'])
    expect(meaning).toMatch(/\.$/)
    expect(advice).toMatch(/\.$/)
  })
})

describe('a fault', () => {
  test('becomes a GraphQL error with its code and details, and its details never replace the code', () => {
    const fault = new Fault('CURSOR_EXPIRED', 'Start again.', { oldest: 4, code: 'OTHER' })
    expect(fault.status).toBe(410)
    expect(fault.toGraphQL().toJSON()).toEqual({
      message: 'Start again.',
      extensions: { oldest: 4, code: 'CURSOR_EXPIRED' }
    })
  })
})
