import { FAULTS } from '../../platform/errors.ts'
import { OaasError } from '../../sdk/src/index.ts'

describe('OaasError', () => {
  test.each(Object.entries(FAULTS))('%s is as retryable as the server says', (code, { retryable }) => {
    expect(new OaasError(code, 'message').retryable).toBe(retryable)
  })

  test('takes a code from the status when the answer has none', () => {
    expect(OaasError.from([{ message: 'no' }], 401)).toMatchObject({ code: 'UNAUTHENTICATED', message: 'no' })
    expect(OaasError.from([], 418)).toMatchObject({ code: 'INTERNAL', errors: [] })
  })
})
