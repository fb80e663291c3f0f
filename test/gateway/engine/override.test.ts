import { federate } from '../../support/federation.ts'

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@override"])\n'
const OLD = 'type Query { order: Order } type Order @key(fields: "id") { id: ID! total: Int }'
const order = (total: number) => ({ Order: { __resolveReference: ({ id }: { id: string }) => ({ id, total }) } })

function overridden(arguments_: string) {
  return federate({
    old: { sdl: LINK + OLD, root: { order: { id: '1', total: 1 } }, resolvers: order(1) },
    new: {
      sdl: `${LINK}type Order @key(fields: "id") { id: ID! total: Int @override(${arguments_}) }`,
      resolvers: order(2)
    }
  })
}

test.each([
  ['is taken over whole', 'from: "old"', 2],
  ['stays where it was while no label applies', 'from: "old", label: "percent(50)"', 1]
])('a field that is overridden %s', async (_, arguments_, total) => {
  const { run } = overridden(arguments_)
  expect((await run('{ order { total } }')).data).toEqual({ order: { total } })
})
