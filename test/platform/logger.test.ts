import { createLogger } from '../../platform/logger.ts'

/** The one line that is logged, as an object. */
function logged(log: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = []
  log(createLogger('info', { write: line => void lines.push(line) }))
  expect(lines).toHaveLength(1)
  return JSON.parse(lines[0] ?? '{}') as Record<string, unknown>
}

describe('the logger', () => {
  test('writes one JSON object a line, with time and level in words', () => {
    const { time, ...line } = logged(logger => logger.info({ subgraph: 'orders', orders: 3 }, 'imported'))
    expect(line).toEqual({ level: 'info', subgraph: 'orders', orders: 3, msg: 'imported' })
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
  })

  test.each([
    'authorization',
    'Authorization',
    'cookie',
    'cursor',
    'after',
    'note',
    'phone',
    'name',
    'address',
    'shipTo'
  ])('never shows %s, however deep', key => {
    const line = logged(logger => logger.info({ [key]: 'S3CRET', deep: [{ er: { [key]: { x: 'S3CRET' } } }] }, 'x'))
    expect(JSON.stringify(line)).not.toContain('S3CRET')
    expect(line[key]).toBe('[redacted]')
  })

  test('redacts what a child logger always says', () => {
    expect(logged(logger => logger.child({ cookie: 'S3CRET', room: 'orders' }).info('x'))).toMatchObject({
      cookie: '[redacted]',
      room: 'orders'
    })
  })

  test('shows an error with its stack, code and cause, and none of the values that a driver keeps on it', () => {
    const driver = Object.assign(new Error('duplicate'), {
      code: 'ER_DUP_ENTRY',
      sql: "INSERT 'S3CRET'",
      parameters: ['S3CRET']
    })
    const error = new Error('could not save', { cause: Object.assign(driver, { driverError: driver }) })
    const line = logged(logger => logger.error({ err: error, id: '7' }, 'a resolver failed'))
    expect(line['err']).toMatchObject({
      type: 'Error',
      message: 'could not save',
      stack: expect.stringContaining('logger.test'),
      cause: { code: 'ER_DUP_ENTRY', message: 'duplicate' }
    })
    expect(JSON.stringify(line)).not.toContain('S3CRET')
  })

  test('takes a bare error, objects in a circle, and instances of classes', () => {
    expect(logged(logger => logger.error(new Error('bare')))).toMatchObject({ err: { message: 'bare' }, msg: 'bare' })
    const circle: Record<string, unknown> = { at: new Date(0) }
    circle['self'] = circle
    expect(logged(logger => logger.info({ circle }, 'x'))['circle']).toMatchObject({ at: '1970-01-01T00:00:00.000Z' })
    class Customer {
      readonly phone = 'S3CRET'
      readonly id = 'c1'
    }
    expect(logged(logger => logger.info({ customer: new Customer() }, 'x'))['customer']).toEqual({
      phone: '[redacted]',
      id: 'c1'
    })
  })
})
