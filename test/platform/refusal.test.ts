import { refusal, refusals } from '../../platform/graphql/refusal.ts'

const order = refusals({
  INVALID_TRANSITION: { en: 'You can {allowed} it, {who}.', zh: '可以{allowed}。' },
  NOT_FOUND: { en: 'There is no such order.', zh: '没有这个订单。' }
})

describe('a refusal', () => {
  test('speaks the caller’s language and names the input path', () => {
    expect(order('INVALID_TRANSITION', 'zh', ['input', 'orderId'], { allowed: '取消' })).toEqual({
      code: 'INVALID_TRANSITION',
      message: '可以取消。',
      path: ['input', 'orderId']
    })
  })

  test('puts values in as they are, and leaves a place without a value visible', () => {
    const { message } = order('INVALID_TRANSITION', 'en', null, { allowed: '$& {who}' })
    expect(message).toBe('You can $& {who} it, {who}.')
    expect(order('INVALID_TRANSITION', 'en').message).toBe('You can {allowed} it, {who}.')
  })

  test('has texts that every room shares, which a room may say in its own words', () => {
    expect(order('OUT_OF_SCOPE', 'en')).toEqual(refusal('OUT_OF_SCOPE', 'en'))
    expect(order('NOT_FOUND', 'en').message).toBe('There is no such order.')
  })

  test('is a mistake of ours when its code has no text', () => {
    expect(() => refusal('toString' as 'NOT_FOUND', 'en')).toThrow('refusal toString has no text')
  })
})
