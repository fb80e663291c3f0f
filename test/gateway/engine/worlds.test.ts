import { execute, parse, validate } from 'graphql'
import { COLD } from '../../../gateway/execute/generate.ts'
import { type Federation, federate, overTheWire } from '../../support/federation.ts'
import { randomQuery } from '../../support/random-query.ts'
import { type World, world } from '../../support/world/world.ts'

const WORLDS = 24
const QUERIES = 8
const HOT = { rows: 0, targets: 0, runs: 0 }
const UNHEATED = { ...COLD }
const AMPLE = { aliases: 1000, depth: 100, directives: 1000, rootFields: 100, tokens: 100_000 }

function composed(made: World): Federation | null {
  try {
    return federate(made.subgraphs, { limits: AMPLE })
  } catch {
    // What does not compose is no supergraph.
    return null
  }
}

/** Supergraphs made at random: shared and required fields, keys of several kinds, interfaces, unions, interface objects. */
test(`random queries over ${WORLDS} random supergraphs are answered as one server would answer them`, async () => {
  let answered = 0
  for (let seed = 0; seed < WORLDS; seed++) {
    const made = world(seed)
    const federation = composed(made)
    if (!federation) continue
    const { schema } = federation.view
    for (let q = 0; q < QUERIES; q++) {
      const { query, variables } = randomQuery(schema, seed * 1000 + q)
      const document = parse(query)
      if (validate(schema, document).length > 0) continue
      const expected = await execute({ schema, document, variableValues: variables, fieldResolver: made.resolve })
      // First as it is run once, then by the code that is made for what is run often.
      for (const isHot of [false, true]) {
        Object.assign(COLD, isHot ? HOT : UNHEATED)
        const actual = await federation.run(query, variables)
        expect({ seed, q, query, isHot, ...overTheWire(actual) }).toEqual({
          seed,
          q,
          query,
          isHot,
          ...overTheWire(expected)
        })
      }
      answered++
    }
    await federation.engine[Symbol.asyncDispose]()
  }
  expect(answered).toBeGreaterThan((WORLDS * QUERIES) / 2)
})
