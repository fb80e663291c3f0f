import { buildSchema } from 'graphql'
import { startOfDay } from '../../policies/mask-time.ts'
import { type CompiledMask, compileMask, hidesAtLeast, type MaskClause } from '../../policies/masks.ts'

const SCHEMA = buildSchema(
  'scalar DateTime scalar Date scalar Decimal enum Status { OPEN } type Money { amount: Decimal } type Query { a: Money s: Status d: DateTime e: Date i: Int f: Float t: ID }'
)

function mask(clause: MaskClause, type: string, zone = 'Asia/Shanghai'): CompiledMask {
  const compiled = compileMask(clause, type, SCHEMA, zone)
  if (typeof compiled === 'string') throw new Error(compiled)
  return compiled
}

describe('masks', () => {
  test.each([
    ['day', 'DateTime', '2026-03-05T16:00:00.000Z', '2026-03-06', 'Date'],
    ['day', 'DateTime', '2026-03-05T15:59:59.999Z', '2026-03-05', 'Date'],
    ['day', 'DateTime', 'nonsense', null, 'Date'],
    ['month', 'DateTime', '2026-02-28T16:30:00Z', '2026-03', 'Month'],
    ['month', 'Date', '2026-02-28', '2026-02', 'Month'],
    ['province', 'String', '浙江省杭州市西湖区文三路1号', '浙江省', 'String'],
    ['province', 'String', '内蒙古自治区呼和浩特市', '内蒙古自治区', 'String'],
    ['province', 'String', '上海市浦东新区', '上海市', 'String'],
    ['province', 'String', 'Rua das Flores 7', null, 'String'],
    ['region', 'String', '黑龙江省哈尔滨市', '东北', 'String'],
    ['region', 'String', '四川成都', '西南', 'String'],
    ['last4', 'String', '13812345678', '****5678', 'String'],
    ['last4', 'ID', '1234', '****', 'String'],
    ['initial', 'String', '欧阳娜娜', '欧*', 'String'],
    ['initial', 'String', '', '*', 'String'],
    [{ bucket: [0, 100, 500] }, 'Int', 99, '0–<100', 'String'],
    [{ bucket: [0, 100, 500] }, 'Int', 100, '100–<500', 'String'],
    [{ bucket: [0, 100, 500] }, 'Decimal', '500.00', '≥500', 'String'],
    [{ bucket: [0, 100, 500] }, 'Float', -0.5, '<0', 'String'],
    [{ bucket: [0, 100] }, 'Decimal', 'x', null, 'String'],
    [{ constant: 'withheld' }, 'Status', 'OPEN', 'withheld', 'String'],
    [{ constant: true }, 'Int', 3, true, 'Boolean'],
    [{ constant: 0 }, 'Int', 3, 0, 'Float']
  ] as const)('%j of a %s makes %j into %j (%s)', (clause, type, value, expected, output) => {
    const compiled = mask(clause as MaskClause, type)
    expect(compiled.apply(value)).toBe(expected)
    expect(compiled.output).toBe(output)
  })

  test.each(['day', 'last4', 'initial', 'province'] as const)('%s leaves null as null', name => {
    expect(mask(name, name === 'day' ? 'DateTime' : 'String').apply(null)).toBeNull()
    expect(mask({ constant: 1 }, 'Int').apply(null)).toBeNull()
  })

  test('a list is masked one by one', () => {
    expect(mask('initial', 'String').apply(['王芳', null])).toEqual(['王*', null])
  })

  test('W5: the company’s zone decides the day, over changes of daylight saving too', () => {
    const paris = mask('day', 'DateTime', 'Europe/Paris')
    expect(paris.apply('2026-03-28T23:00:00Z')).toBe('2026-03-29')
    expect(paris.apply('2026-03-29T22:00:00Z')).toBe('2026-03-30')
    expect(startOfDay('2026-03-30', 'Europe/Paris')).toBe(Date.parse('2026-03-29T22:00:00Z'))
    expect(startOfDay('2026-03-06', 'Asia/Shanghai')).toBe(Date.parse('2026-03-05T16:00:00Z'))
  })

  test.each([
    ['day', 'Date', 'mask day is for DateTime, and this is Date'],
    ['last4', 'Int', 'mask last4 is for String or ID, and this is Int'],
    ['day', 'Money', 'Money is not a single value: mask its fields one by one'],
    [{ bucket: [1] }, 'String', 'mask bucket is for Int or Float or Decimal, and this is String'],
    [{ bucket: [5, 1] }, 'Int', 'the edges of a bucket must rise']
  ] as const)('%j does not fit %s', (clause, type, message) => {
    expect(compileMask(clause as MaskClause, type, SCHEMA, 'UTC')).toBe(message)
  })

  test('K3: a month hides what a day hides; masks of different kinds cannot be compared', () => {
    const [day, month, last4, constant] = [
      mask('day', 'DateTime'),
      mask('month', 'DateTime'),
      mask('last4', 'String'),
      mask({ constant: 'x' }, 'DateTime')
    ]
    expect(hidesAtLeast(month, day)).toBe(true)
    expect(hidesAtLeast(day, month)).toBe(false)
    expect(hidesAtLeast(last4, day)).toBe(false)
    expect(hidesAtLeast(constant, last4)).toBe(true)
    expect(hidesAtLeast(null, day)).toBe(false)
    expect(hidesAtLeast(day, null)).toBe(true)
  })
})
