import { metScopes } from '../../platform/scope/scope.ts'
import { bind, implies, widest } from '../../policies/row-scope.ts'

const ROW = {
  company: 'demo',
  orderId: 'o1',
  channel: 'WECHAT',
  customerId: null,
  supplierIds: ['acme'],
  region: null,
  carrier: null
}

describe('row scopes', () => {
  test.each([
    ['all rows are wider than some', { channel: ['JD'] }, {}, true],
    ['some rows are not wider than all', {}, { channel: ['JD'] }, false],
    ['more keys are narrower', { channel: ['JD'], carrier: ['x'] }, { channel: ['JD'] }, true],
    ['more values are wider', { channel: ['JD'] }, { channel: ['JD', 'WECHAT'] }, true],
    ['a claim is wider than nothing', { channel: ['JD'] }, { channel: ['$channel'] }, false],
    [
      'a wider scope that may be dropped alone does not count',
      { channel: ['JD'] },
      { channel: ['JD', '$channel'] },
      false
    ],
    ['the same claim is the same rows', { channel: ['$channel'], carrier: ['x'] }, { channel: ['$channel'] }, true]
  ])('K3: %s', (_, narrow, wide, expected) => {
    expect(implies(narrow, wide)).toBe(expected)
  })

  test('K3: what a wider scope covers is left away', () => {
    expect(widest([{ channel: ['JD'] }, { channel: ['JD', 'WECHAT'] }, { channel: ['JD'] }])).toEqual([
      { channel: ['JD', 'WECHAT'] }
    ])
  })

  test('K1: claims bind; a scope whose claim is missing keeps its place and meets no row', () => {
    const templates = [{ carrier: ['$carrier'] }, { channel: ['$channel'] }]
    const bound = bind(templates, { channel: 'WECHAT' })
    expect(bound).toEqual([{ carrier: [] }, { channel: ['WECHAT'] }])
    expect(metScopes(ROW, bound)).toBe(0b10)
  })

  test.each([['__proto__'], ['constructor'], ['toString']])(
    'a claim named %s is no claim unless the caller has it',
    name => {
      expect(bind([{ channel: [`$${name}`] }], {})).toEqual([{ channel: [] }])
    }
  )

  test('an empty claim is no claim', () => {
    expect(bind([{ channel: ['$channel'] }], { channel: '' })).toEqual([{ channel: [] }])
  })
})
