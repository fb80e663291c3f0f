import { parse } from 'graphql'
import { atOnce, inSlices } from '../../../gateway/plan/in-slices.ts'
import { parseSteps } from '../../../gateway/plan/parse-supergraph.ts'
import { composed } from '../../support/federation.ts'
import { repeat } from '../prepare/refusals.ts'

const type = (i: number, description: string) =>
  `"""\n${description}\n"""\ntype T${i} @key(\n  fields: {\n  a: 1\n}\n) {\n  id: ID!\n  more(input: In = { a: 1 }): T${i}\n}\n`
const large = (description: string, end = '') => `${repeat(1500, i => type(i, description))}${end}`

const whole = (sdl: string) => parse(sdl, { noLocation: true })

describe('a supergraph that is parsed in steps', () => {
  test.each([
    ['of many definitions', large('What it is.')],
    ['with what looks like the end of one in its descriptions', large('So it looks:\n}\nor not.')],
    ['with comments behind all of it', large('What it is.', '# the end\n'.repeat(20_000))],
    ['of one definition', 'type Query { a: Int }'],
    ['that was composed', composed({ a: { sdl: 'type Query { a: Int }' } })]
  ])('is what it is as a whole: %s', (_, sdl) => {
    expect(atOnce(parseSteps(sdl))).toEqual(whole(sdl))
  })

  test('takes several steps when it is large', () => {
    const sdl = repeat(4000, i => `type T${i} {\n  id: ID!\n  more(input: In = {a: 1}): T${i}\n}\n`)
    expect([...parseSteps(sdl)].length).toBeGreaterThan(2)
    expect(atOnce(parseSteps(sdl))).toEqual(whole(sdl))
  })

  test('says where a mistake is, however far behind', async () => {
    const sdl = large('What it is.', 'type Query {\n  a Int\n}\n')
    const line = sdl.split('\n').indexOf('  a Int') + 1
    await expect(inSlices(parseSteps(sdl))).rejects.toMatchObject({ locations: [{ line, column: 5 }] })
  })
})
