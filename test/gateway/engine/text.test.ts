import { COLD } from '../../../gateway/execute/generate.ts'
import { type Federation, federate } from '../../support/federation.ts'

const UNHEATED = { ...COLD }

/** One room with a scalar of its own that may be anything. */
function room(values: Readonly<Record<string, unknown>>): Federation {
  const sdl = 'scalar Any type Query { text: String id: ID! any: Any float: Float must: Float! int: Int row: Query! }'
  return federate({ room: { sdl, root: { ...values, must: 1, row: () => ({ must: 1, ...values }) } } })
}

const QUERY = '{ row { text any __proto__: text constructor: any id float } }'

describe.each([
  ['as it is run at first', UNHEATED],
  ['as it is run when it is run often', { rows: 0, targets: 0, runs: 0 }]
])('a result is written as JSON writes it, %s:', (_, heat) => {
  beforeEach(() => void Object.assign(COLD, heat))
  afterAll(() => void Object.assign(COLD, UNHEATED))

  test.each([
    'plain',
    'a "quotation"',
    'back\\slash',
    'line\nend',
    '\u0000\u001f\u007f',
    'ö',
    '退货中',
    '\u2028\u2029',
    '\ud83d\ude00',
    '\ud83d alone',
    ''
  ])('the text %j', async text => {
    const { engine, run } = room({ id: text, text, any: text, float: 1.5 })
    for (const any of [text, [text], { [`k${text}`]: text }]) {
      const result = await room({ id: text, text, any, float: 1.5 }).run(QUERY)
      const row = `"text":${JSON.stringify(text)},"any":${JSON.stringify(any)},"__proto__":${JSON.stringify(text)},"constructor":${JSON.stringify(any)},"id":${JSON.stringify(text)},"float":1.5`
      expect(result.text).toBe(`{"data":{"row":{${row}}}}`)
      expect(result.latin1).toBe(/^[ -\u00ff]*$/.test(text) && !/["\\]/.test(text))
    }
    expect((await run('{ text }')).data).toEqual({ text })
    await engine[Symbol.asyncDispose]()
  })

  test.each([0, -1.5, 1e21, 5e-324, true, false, null, 2 ** 70])('the value %p', async any => {
    const { text } = await room({ id: '1', any }).run('{ row { any id } }')
    expect(text).toBe(`{"data":{"row":{"any":${JSON.stringify(any)},"id":"1"}}}`)
  })

  test('a number that JSON has no word for, as null where one may be', async () => {
    const federation = room({})
    federation.intercept = () => ({
      data: { row: { float: Number.POSITIVE_INFINITY, any: Number.NaN } },
      texts: 'latin1'
    })
    expect((await federation.run('{ row { float any } }')).text).toBe('{"data":{"row":{"float":null,"any":null}}}')
    federation.intercept = () => ({ data: { row: { must: Number.POSITIVE_INFINITY } }, texts: 'latin1' })
    const { data, errors } = await federation.run('{ row { must } }')
    expect(data).toBeNull()
    expect(errors).toHaveLength(1)
  })

  test('an empty selection of a type, an empty list', async () => {
    const { text } = await room({}).run('query ($no: Boolean = false) { row @include(if: $no) { id } }')
    expect(text).toBe('{"data":{}}')
  })
})
