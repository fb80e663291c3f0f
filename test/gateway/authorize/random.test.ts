import { isInterfaceType, isObjectType, parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql'
import { randomQuery } from '../../support/random-query.ts'
import { admin, guard, having, TRADE } from './graph.ts'

const ROUNDS = 150
const POLICIES = [...admin.policies]

/** What each right alone opens: values that stand nowhere else. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  'finance.read': ['12.5', 'TAX-C', '"paid"', '98765', '"PaymentEvent"'],
  'pii.read': ['ada@example.org'],
  'procurement.read': ['TAX-S', 'IBAN-1', 'Bearings', 's1', '"Supplier"'],
  'ops.read': ['rush']
}

const { sales, logistics } = TRADE
const { root } = sales
const [order] = root.orders
const graph = guard(
  {
    logistics,
    sales: {
      ...sales,
      root: {
        ...root,
        order: () => order,
        party: () => root.parties[1],
        hit: () => root.parties[0],
        timeline: root.timeline.map(entry => ({ ...entry, amount: 98765 }))
      }
    }
  },
  { limits: { aliases: 1000, depth: 100, directives: 1000, rootFields: 100 } }
)
const { schema } = graph.federation.view

/** Fields that the subgraphs were asked for, by the types that the fields stand on. */
function fetched(): readonly string[] {
  return graph.federation.calls.flatMap(({ text }) => {
    const info = new TypeInfo(schema)
    const fields: string[] = []
    const note = visitWithTypeInfo(info, {
      Field: ({ name }) => {
        const type = info.getParentType()
        if ((isObjectType(type) || isInterfaceType(type)) && name.value !== '__typename')
          fields.push(type.name, `${type.name}.${name.value}`)
      }
    })
    visit(parse(text), note)
    return fields
  })
}

test(`${ROUNDS} queries made by chance tell each caller what it may know, and fetch nothing else`, async () => {
  let answered = 0
  let cut = 0
  for (let seed = 0; seed < ROUNDS; seed++) {
    const { query, variables } = randomQuery(schema, seed)
    // Chance sometimes makes a conflict, or an argument that is none.
    if (validate(schema, parse(query)).length > 0) continue
    const who = having({ policies: POLICIES.filter((_, i) => ((seed * 0x9e3779b1) >>> (i + 7)) & 1) })
    const about = `seed ${seed}: ${query} ${JSON.stringify([...who.policies])}`
    const answer = await graph.ask(who, query, variables).catch((thrown: unknown) => {
      throw new Error(about, { cause: thrown })
    })
    try {
      answered++
      const text = JSON.stringify(answer.data)
      for (const [policy, secrets] of Object.entries(SECRETS)) {
        if (!who.policies.has(policy)) for (const secret of secrets) expect(text).not.toContain(secret)
      }
      const { denied = new Set() } = graph.as(who).view
      for (const place of fetched()) expect(denied).not.toContain(place)
      for (const { extensions } of answer.errors ?? [])
        expect(extensions).toMatchObject({ code: 'UNAUTHORIZED_FIELD_OR_TYPE' })

      const full = await graph.ask(admin, query, variables)
      expect(full.errors).toBeUndefined()
      const hidesRows = !who.policies.has('finance.read') || !who.policies.has('procurement.read')
      if (answer.errors) cut++
      else if (!hidesRows) expect(answer.data).toEqual(full.data)
    } catch (failure) {
      throw new Error(`${about}\n${JSON.stringify(answer)}\n${graph.asked()}`, { cause: failure })
    }
  }
  expect(answered).toBeGreaterThan(ROUNDS / 2)
  expect(cut).toBeGreaterThan(ROUNDS / 4)
  expect(graph.federation.reports).toEqual([])
})
