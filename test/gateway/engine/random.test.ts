import { execute, GraphQLError, parse, validate } from 'graphql'
import { federate, overTheWire } from '../../support/federation.ts'
import { randomQuery } from '../../support/random-query.ts'
import { luck, ROOT, SHOP } from '../../support/shop.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 250)
const START = Number(process.env['START'] ?? 0)
const wide = { aliases: 1000, depth: 100, directives: 1000, rootFields: 100 }

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly { readonly path?: readonly (string | number)[] | undefined }[]
}

/** Which nulls the errors explain: of several that failed below one, either server may tell. */
function explained({ data, errors }: Answer): ReadonlySet<string> {
  return new Set(
    (errors ?? []).map(({ path = ['nowhere'] }) => {
      let value = data
      const taken: (string | number)[] = []
      for (const key of path) {
        if (typeof value !== 'object' || value === null) break
        taken.push(key)
        value = Reflect.get(value, key)
      }
      return taken.join('.')
    })
  )
}

test(`${ROUNDS} queries made by chance are answered as by graphql-js over one server`, async () => {
  const federation = federate(SHOP, { limits: wide })
  const { schema } = federation.view
  let answered = 0
  for (let seed = START; seed < START + ROUNDS; seed++) {
    const { query, variables } = randomQuery(schema, seed)
    const document = parse(query)
    // Chance sometimes makes a conflict.
    if (validate(schema, document).length > 0) continue
    luck.bad = seed % 2 === 0
    // Of an interface object the planner asks what one type needs for all of them, where it may fail for another.
    if (luck.bad && /\b(ranking|media)\b/.test(query)) continue
    answered++
    const expected = overTheWire(await execute({ schema, document, rootValue: ROOT, variableValues: variables }))
    const actual = await federation.run(query, variables).catch((thrown: unknown) => {
      throw new Error(`seed ${seed}: ${query} ${JSON.stringify(variables)}`, { cause: thrown })
    })
    try {
      expect(overTheWire(actual.data)).toEqual(expected.data)
      expect(explained(overTheWire(actual))).toEqual(explained(expected))
      for (const error of actual.errors ?? []) {
        expect(error).toBeInstanceOf(GraphQLError)
        expect(error.extensions['code']).toBe('NOT_FOUND')
      }
    } catch (failure) {
      throw new Error(
        `seed ${seed}: ${query} ${JSON.stringify(variables)}\n${(failure as Error).message}\nexpected ${JSON.stringify(expected)}\nactual ${JSON.stringify(actual)}`
      )
    }
  }
  expect(answered).toBeGreaterThan(ROUNDS / 2)
})
