import type { Status } from '../../gateway/import/import-target.ts'
import { mapHistory } from '../../gateway/import/map-history.ts'
import type { Field } from '../../gateway/import/mapping.ts'
import { readInstant } from '../../gateway/import/read-instant.ts'
import { amountOf, type Scope } from '../../gateway/import/read-value.ts'

describe('a time', () => {
  test.each([
    ['1/9/2018 8:05', 'M/d/yyyy H:mm', 'America/Sao_Paulo', '2018-01-09T10:05:00.000Z', false],
    ['7/9/2018 8:05', 'M/d/yyyy H:mm', 'America/Sao_Paulo', '2018-07-09T11:05:00.000Z', false],
    ['10/15/2017 0:00', 'M/d/yyyy H:mm', 'America/Sao_Paulo', '2017-10-15T03:00:00.000Z', true],
    ['10/15/2017 1:00', 'M/d/yyyy H:mm', 'America/Sao_Paulo', '2017-10-15T03:00:00.000Z', false],
    ['2/17/2018 22:59', 'M/d/yyyy H:mm', 'America/Sao_Paulo', '2018-02-18T00:59:00.000Z', false],
    ['2/17/2018 23:30', 'M/d/yyyy H:mm', 'America/Sao_Paulo', '2018-02-18T01:30:00.000Z', false],
    ['2/18/2018 0:00', 'M/d/yyyy H:mm', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z', false],
    ['2025-10-26T01:30', 'iso', 'Europe/London', '2025-10-26T00:30:00.000Z', false],
    ['2025-10-26T01:30Z', 'iso', 'Europe/London', '2025-10-26T01:30:00.000Z', false],
    ['2025-03-30T01:30', 'iso', 'Europe/London', '2025-03-30T01:30:00.000Z', true],
    ['2026-03-01T09:30', 'iso', 'Asia/Shanghai', '2026-03-01T01:30:00.000Z', false],
    ['2026-03-01T09:30Z', 'iso', 'Asia/Shanghai', '2026-03-01T09:30:00.000Z', false],
    ['1519925400', 'seconds', 'UTC', '2018-03-01T17:30:00.000Z', false],
    ['1519925400000', 'milliseconds', 'UTC', '2018-03-01T17:30:00.000Z', false]
  ])('%s of the format %s in %s is %s', (text, format, zone, at, gap) => {
    expect(readInstant(text, format, zone)).toEqual({ at, gap })
  })

  test.each([
    ['13/14/2018 14:33', 'M/d/yyyy H:mm'],
    ['2/29/2018 14:33', 'M/d/yyyy H:mm'],
    ['1/14/2018', 'M/d/yyyy H:mm'],
    ['soon', 'iso'],
    ['soon', 'seconds'],
    ['soon', 'milliseconds']
  ])('%s is not of the format %s', (text, format) => {
    expect(readInstant(text, format, 'UTC')).toBeNull()
  })
})

describe('an amount', () => {
  const amount = (text: string, decimal: '.' | ',', currency = 'BRL') => {
    const file = { name: 't.csv', source: 't', columns: new Map([['price', 0]]) }
    const row = { file, line: 2, cells: [text] }
    const scope: Scope = { row, one: new Map([['t', row]]), many: new Map(), empty: new Set() }
    const alternatives: Field['alternatives'] = [{ type: 'column', ref: { source: 't', column: 'price' } }]
    const field: Field = {
      path: 'price',
      alternatives,
      map: null,
      fallback: undefined,
      format: 'iso',
      zone: 'UTC',
      decimal
    }
    return amountOf(field, scope, currency)
  }

  test.each<[string, '.' | ',', string, number]>([
    ['199', '.', 'BRL', 19_900],
    ['17.8', '.', 'BRL', 1780],
    ['1,234.50', '.', 'BRL', 123_450],
    ['1.234,50', ',', 'BRL', 123_450],
    ['1 234,5', ',', 'BRL', 123_450],
    ['-3', '.', 'BRL', -300],
    ['250', '.', 'JPY', 250]
  ])('%s with decimal %s in %s is %d minor units', (text, decimal, currency, minor) => {
    expect(amount(text, decimal, currency)).toBe(minor)
  })

  test.each<[string, '.' | ',']>([
    ['12,9', '.'],
    ['12.9', ','],
    ['1.2.3', '.'],
    ['1.999', '.'],
    ['R$ 5', '.'],
    ['1e3', '.']
  ])('%s with decimal %s is none', (text, decimal) => {
    expect(() => amount(text, decimal)).toThrow('is not an amount of BRL')
  })

  test('is absent where the cell is empty', () => {
    expect(amount('', '.')).toBeNull()
  })
})

describe('a history', () => {
  const times = { AWAITING_PAYMENT: '1', PAID: '2', SHIPPED: '3', COMPLETED: '4' }
  const told = (status: Status, known: Parameters<typeof mapHistory>[1]) => {
    const { steps, notes } = mapHistory(status, known, '0')
    return [steps.map(({ status, at }) => `${status} ${at}`), notes.map(({ note, status }) => `${note} ${status}`)]
  }

  test.each<[Status, Parameters<typeof mapHistory>[1], string[], string[]]>([
    ['COMPLETED', times, ['AWAITING_PAYMENT 1', 'PAID 2', 'SHIPPED 3', 'COMPLETED 4'], []],
    ['AWAITING_PAYMENT', {}, ['AWAITING_PAYMENT 0'], []],
    ['PAID', {}, ['AWAITING_PAYMENT 0', 'PAID null'], ['TIME_UNKNOWN PAID']],
    ['SHIPPED', { SHIPPED: '3' }, ['AWAITING_PAYMENT 0', 'SHIPPED 3'], ['STEP_LEFT_OUT PAID']],
    ['PAID', times, ['AWAITING_PAYMENT 1', 'PAID 2'], ['TIME_BEYOND_STATUS SHIPPED', 'TIME_BEYOND_STATUS COMPLETED']],
    ['CANCELLED', { PAID: '2' }, ['AWAITING_PAYMENT 0', 'PAID 2', 'CANCELLED null'], ['TIME_UNKNOWN CANCELLED']],
    [
      'SHIPPED',
      { PAID: '3', SHIPPED: '2' },
      ['AWAITING_PAYMENT 0', 'PAID 3', 'SHIPPED 2'],
      ['TIMES_OUT_OF_ORDER SHIPPED']
    ]
  ])('of an order that is %s with %j', (status, known, steps, notes) => {
    expect(told(status, known)).toEqual([steps, notes])
  })
})
