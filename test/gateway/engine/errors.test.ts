import { GraphQLError } from 'graphql'
import type { Result } from '../../../gateway/engine.ts'
import { Fault } from '../../../platform/errors.ts'
import { Unanswered } from '../../../platform/executor/unanswered.ts'
import { type Federation, federate, overTheWire, paths } from '../../support/federation.ts'
import { SHOP } from '../../support/shop.ts'

const UNAVAILABLE = { code: 'SUBGRAPH_UNAVAILABLE' }

describe('a subgraph that does not answer', () => {
  function without(name: string): Federation {
    const federation = federate(SHOP)
    federation.intercept = subgraph => {
      if (subgraph === name)
        throw new Fault('SUBGRAPH_UNAVAILABLE', `connect ECONNREFUSED http://${name}.internal.example:4001`)
      return undefined
    }
    return federation
  }

  test('leaves a null and an error in each of its places, and nowhere else', async () => {
    const result = await without('reviews').run('{ a: users { n: name k: nick friend { nick } } }')
    expect(overTheWire(result.data)).toEqual({
      a: [1, 2, 3].map(i => ({ n: `User ${i}`, k: null, friend: { nick: null } }))
    })
    expect(paths(result)).toEqual(['a.0.friend.nick', 'a.0.k', 'a.1.friend.nick', 'a.1.k', 'a.2.friend.nick', 'a.2.k'])
    for (const error of result.errors ?? []) expect(error.extensions).toEqual(UNAVAILABLE)
  })

  test('is never named to the client, and is to the operator', async () => {
    const federation = without('reviews')
    const result = await federation.run('{ me { nick } }')
    expect(JSON.stringify(result)).not.toMatch(/reviews|internal\.example|ECONNREFUSED/)
    expect(federation.reports).toEqual([
      [expect.objectContaining({ subgraph: 'reviews' }), 'a subgraph did not answer']
    ])
  })

  test('is named to the operator no more while it is left alone', async () => {
    const federation = federate(SHOP)
    federation.intercept = () => {
      throw new Unanswered('SUBGRAPH_UNAVAILABLE', 'accounts', 'alone', { again: false, down: false, unasked: true })
    }
    const result = await federation.run('{ me { name } }')
    expect(result.errors?.map(({ extensions }) => extensions)).toEqual([UNAVAILABLE])
    expect(federation.reports).toEqual([])
  })

  test('nulls the nearest place that may be null', async () => {
    const result = await without('shipping').run(
      '{ products { title } me { reviews { stars product { title stock } } } }'
    )
    expect(overTheWire(result.data)).toMatchObject({
      products: [{}, {}, {}],
      me: { reviews: [{ stars: 4, product: null }] }
    })
    expect(paths(result)).toEqual(['me.reviews.0.product.stock'])
    const whole = await without('shipping').run('{ products { title stock } }')
    expect(whole.data).toBeNull()
    expect(paths(whole)).toEqual(['products.0.stock'])
  })

  test('takes what is made of its facts with it, and no more', async () => {
    const result = await without('catalog').run('{ topReviews(first: 1) { product { shipping reviews { stars } } } }')
    expect(overTheWire(result.data)).toEqual({
      topReviews: [{ product: { shipping: null, reviews: [{ stars: 1 }, { stars: 4 }] } }]
    })
    expect(paths(result)).toEqual(['topReviews.0.product.shipping'])
    expect(result.errors?.[0]?.extensions).toEqual(UNAVAILABLE)
  })

  test('keeps the others answering when one root field has nobody', async () => {
    const result = await without('accounts').run('{ me { name } products { title } }')
    expect(overTheWire(result.data)).toMatchObject({ me: null, products: [{ title: 'Product 1' }, {}, {}] })
    expect(paths(result)).toEqual(['me'])
  })

  test('says when it took too long', async () => {
    const federation = federate(SHOP)
    federation.intercept = () => {
      throw new Fault('TIMEOUT', 'after 30 s at http://x')
    }
    const { errors } = await federation.run('{ me { name } }')
    expect(errors?.map(error => error.toJSON())).toEqual([
      { message: 'A part of the answer took too long; try again.', path: ['me'], extensions: { code: 'TIMEOUT' } }
    ])
  })

  test('is not asked any more once the caller is gone', async () => {
    const { engine, view, calls } = federate(SHOP)
    const who = {
      consumer: { id: 'x', kind: 'operator', party: 'o', company: 'c', claims: {} },
      view,
      language: 'en',
      readAfter: null
    } as const
    const result = await engine.execute(engine.prepare({ query: '{ me { name } }' }, who), who, AbortSignal.abort())
    expect(calls).toEqual([])
    expect(result).toMatchObject({ data: { me: null }, errors: [{ extensions: { code: 'TIMEOUT' } }] })
  })
})

describe('what a subgraph says of an error', () => {
  const saying = async (errors: readonly object[], data: Record<string, unknown> | null = { me: null }) => {
    const federation = federate(SHOP)
    federation.intercept = () => overTheWire({ data, errors: errors as never })
    const result = await federation.run('{ me { name } }')
    return { result, federation }
  }

  test('passes under a code that clients know, with its details and without what is inside', async () => {
    const { result } = await saying([
      {
        message: 'Order is gone.',
        path: ['me'],
        extensions: { code: 'NOT_FOUND', since: 'May', stacktrace: ['at x'], url: 'http://in', serviceName: 'x' }
      }
    ])
    expect(result.errors?.map(error => error.toJSON())).toEqual([
      { message: 'Order is gone.', path: ['me'], extensions: { code: 'NOT_FOUND', since: 'May' } }
    ])
  })

  test.each(
    [
      'stack',
      'trace',
      'stack_trace',
      'exception',
      'debugMessage',
      'debug',
      'original_error',
      'cause',
      'file',
      'line'
    ].concat(['sql', 'SQL', 'query', 'service', 'service_name', 'url', 'http'])
  )('does not pass with %s, which tells of the inside', async name => {
    const extensions = { code: 'CONFLICT', [name]: 'secret', reference: 'R-1', queryable: true }
    const { result } = await saying([{ message: 'No.', path: ['me'], extensions }])
    expect(result.errors?.[0]?.extensions).toEqual({ code: 'CONFLICT', reference: 'R-1', queryable: true })
  })

  test.each([
    ['without a code', { message: 'ER_BAD_FIELD: secret_column', path: ['me'] }],
    ['under a code of its own', { message: 'secret_column', path: ['me'], extensions: { code: 'DB_ERROR' } }],
    [
      'about our own request',
      { message: 'Cannot query field "secret_column"', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }
    ],
    [
      'about representations',
      {
        message: 'Variable "$representations" got invalid value { secret_column: 1 }',
        extensions: { code: 'BAD_USER_INPUT' }
      }
    ],
    ['about our signature', { message: 'secret_column', extensions: { code: 'BAD_REQUEST' } }]
  ])('is masked %s, and reported under an id', async (_, error) => {
    const { result, federation } = await saying([error])
    const [shown] = result.errors ?? []
    expect(shown?.extensions).toEqual({ code: 'INTERNAL', id: expect.any(String) })
    expect(shown?.message).toContain(String(shown?.extensions['id']))
    expect(JSON.stringify(result)).not.toContain('secret_column')
    expect(JSON.stringify(federation.reports)).toContain('secret_column')
  })

  test.each([
    'Variable "$from" got invalid value "xx"; Expected type "DateTime".',
    'Argument "from" has invalid value "xx".',
    'Expected value of type "DateTime!", found "xx".'
  ])('passes when only it could judge the caller’s value: %s', async message => {
    const { result } = await saying([{ message }], null)
    expect(result.errors?.[0]).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } })
  })

  test('is told without a place when it has none', async () => {
    const { result } = await saying([{ message: 'Slow today.', extensions: { code: 'RATE_LIMITED' } }], {
      me: { __typename: 'User', name: 'N' }
    })
    expect(overTheWire(result)).toEqual({
      data: { me: { name: 'N' } },
      errors: [{ message: 'Slow today.', extensions: { code: 'RATE_LIMITED' } }]
    })
  })

  test('is told in the client’s keys, from wherever it comes', async () => {
    const federation = federate(SHOP)
    const result = await federation.run(
      '{ all: users(first: 4) { b: bestFriend { oops: flaky } f: friend { x: reviews { f: flaky } } } }'
    )
    expect(paths(result)).toEqual(['all.3.b.oops', 'all.3.f.x.0.f'])
    for (const error of result.errors ?? []) {
      let value: unknown = overTheWire(result.data)
      for (const key of error.path ?? []) value = Reflect.get(value as object, key)
      expect(value).toBeNull()
    }
  })

  test('is told of equal entities in each place, though they are asked for once', async () => {
    const result = await federate(SHOP).run('{ a: user(id: "u2") { flaky } b: user(id: "u2") { y: flaky } }')
    expect(paths(result)).toEqual(['a.flaky', 'b.y'])
  })

  test('comes in hundreds, and is told a hundred times', async () => {
    const federation = federate({ one: { sdl: 'type Query { all: [T] } type T { a: Int }' } })
    const all = Array.from({ length: 300 }, () => ({ a: null }))
    federation.intercept = () =>
      overTheWire({
        data: { all },
        errors: all.map((_, i) => ({ message: 'no', path: ['all', i, 'a'], extensions: { code: 'NOT_FOUND' } }))
      })
    const { errors } = await federation.run('{ all { a } }')
    expect(errors).toHaveLength(100)
  })
})

describe('an answer without any data', () => {
  const THREE = '{ me { name } user(id: "u1") { name } matrix { id } }'
  const saying = async (query: string, on: string, ...errors: readonly object[]) => {
    const federation = federate(SHOP)
    federation.intercept = name => (name === on ? overTheWire({ data: null, errors: errors as never }) : undefined)
    return federation.run(query)
  }
  const gone = { message: 'gone', extensions: { code: 'NOT_FOUND' } }
  const said = ({ errors }: Result) => errors?.map(({ path, extensions }) => [path?.join('.'), extensions['code']])

  test('has its error where it says; what came of it takes the rest along', async () => {
    const result = await saying(THREE, 'accounts', { ...gone, path: ['user', 'name'] })
    expect(overTheWire(result.data)).toEqual({ me: null, user: null, matrix: null })
    expect(said(result)?.sort()).toEqual([
      ['matrix', 'NOT_FOUND'],
      ['me', 'NOT_FOUND'],
      ['user.name', 'NOT_FOUND']
    ])
  })

  test('has one error where a null that may not be took everything', async () => {
    const result = await saying('{ me { name } users { name } }', 'accounts', { ...gone, path: ['users', 1, 'name'] })
    expect(result.data).toBeNull()
    expect(said(result)?.filter(([path]) => path !== 'me')).toEqual([['users.1.name', 'NOT_FOUND']])
  })

  test('has each of its errors, once for each field', async () => {
    const conflict = { message: 'both', path: ['me'], extensions: { code: 'CONFLICT' } }
    const two = '{ me { name } user(id: "u1") { name } }'
    const result = await saying(two, 'accounts', { ...gone, path: ['user'] }, conflict, conflict)
    expect(overTheWire(result.data)).toEqual({ me: null, user: null })
    expect(said(result)?.sort()).toEqual([
      ['me', 'CONFLICT'],
      ['user', 'NOT_FOUND']
    ])
  })

  test('fails every field with an error that names none', async () => {
    const result = await saying('{ me { name } user(id: "u1") { name } }', 'accounts', gone)
    expect(said(result)?.sort()).toEqual([
      ['me', 'NOT_FOUND'],
      ['user', 'NOT_FOUND']
    ])
  })

  test('leaves other subgraphs’ part of entities alone', async () => {
    const at = { ...gone, path: ['_entities', 0, 'nick'] }
    const result = await saying('{ me { name nick } }', 'reviews', at)
    expect(overTheWire(result.data)).toEqual({ me: { name: 'User 1', nick: null } })
    expect(said(result)).toEqual([['me.nick', 'NOT_FOUND']])
  })
})

describe('an answer that breaks the protocol', () => {
  const answering = (data: unknown, on: string) => {
    const federation = federate(SHOP)
    federation.intercept = subgraph => (subgraph === on ? { data: data as never } : undefined)
    return federation
  }

  test.each([
    ['more entities than asked for', { _entities: [{ nick: 'a' }, { nick: 'b' }] }],
    ['fewer entities', { _entities: [] }],
    ['no list of entities', { _entities: { nick: 'a' } }]
  ])('with %s shifts nothing into another row', async (_, data) => {
    const federation = answering(data, 'reviews')
    const result = await federation.run('{ me { name nick } }')
    expect(overTheWire(result.data)).toEqual({ me: { name: 'User 1', nick: null } })
    expect(result.errors?.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
      [['me', 'nick'], 'INTERNAL']
    ])
  })

  test('with no data and no error is a subgraph that is not there', async () => {
    const { errors } = await answering(null, 'accounts').run('{ me { name } }')
    expect(errors?.[0]?.extensions).toEqual(UNAVAILABLE)
  })

  test('with more than was asked for shows what was', async () => {
    const me = { __typename: 'User', name: 'N', secret: 's', id: 'u1', friend: { name: 'x' } }
    const result = await answering({ me, other: 1 }, 'accounts').run('{ me { name } }')
    expect(overTheWire(result)).toEqual({ data: { me: { name: 'N' } } })
  })

  test.each([
    ['an object for a text', { me: { __typename: 'User', id: 'u1', color: { a: 1 }, name: { a: 1 }, visits: 'many' } }],
    ['a list for a text', { me: { __typename: 'User', id: 'u1', color: ['RED'], name: ['x'], visits: [] } }]
  ])('with %s shows null', async (_, data) => {
    const result = await answering(data, 'accounts').run('{ me { visits color } }')
    expect(overTheWire(result.data)).toEqual({ me: { visits: null, color: null } })
    expect(paths(result)).toContain('me.visits')
  })

  test('with an unknown enum value shows null', async () => {
    const result = await answering({ me: { __typename: 'User', color: 'ULTRAVIOLET' } }, 'accounts').run(
      '{ me { color } }'
    )
    expect(overTheWire(result)).toEqual({ data: { me: { color: null } } })
  })

  test('with a null that may not be moves it up, and says so once', async () => {
    const city = { name: null, zip: '1' }
    const result = await answering({ me: { __typename: 'User', address: { street: 's', city } } }, 'accounts').run(
      '{ me { address { street city { zip n: name } } } }'
    )
    expect(overTheWire(result.data)).toEqual({ me: { address: null } })
    expect(result.errors?.map(error => error.toJSON())).toEqual([
      {
        message: 'Cannot return null for non-nullable field City.name.',
        path: ['me', 'address', 'city', 'n'],
        extensions: { code: 'INTERNAL' }
      }
    ])
  })
})

describe('nulls in lists', () => {
  const sdl = 'type Query { a: [[Int!]] b: [[Int!]!] c: [[Int]!]! d: [T!] e: [T]! } type T { x: Int! }'
  const answer = async (data: Record<string, unknown>, query: string) => {
    const federation = federate({ one: { sdl } })
    federation.intercept = () => overTheWire({ data })
    const result = await federation.run(query)
    expect(result.errors?.every(error => error instanceof GraphQLError)).toBe(true)
    return [overTheWire(result.data), paths(result)]
  }

  test.each([
    ['a', [[1], [2, null], null], { a: [[1], null, null] }, ['a.1.1']],
    ['b', [[1], [2, null]], { b: null }, ['b.1.1']],
    ['c', [[1, null], null], null, ['c.1']],
    ['d', [{ x: 1 }, { x: null }], { d: null }, ['d.1.x']],
    ['e', [{ x: 1 }, { x: null }, null], { e: [{ x: 1 }, null, null] }, ['e.1.x']]
  ])('%s: %j', async (field, value, data, where) => {
    const query = field === 'd' || field === 'e' ? `{ ${field} { x } }` : `{ ${field} }`
    expect(await answer({ [field]: value }, query)).toEqual([data, where])
  })
})
