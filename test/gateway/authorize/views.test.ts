import { buildSchema } from 'graphql'
import { authorizedViews } from '../../../gateway/authorize/authorized-view.ts'
import { ANONYMOUS, grantsOf } from '../../../gateway/authorize/grants.ts'
import { accessRules } from '../../../gateway/authorize/rules.ts'
import { CONSUMER, caller } from '../../support/federation.ts'
import { admin, anon, fin, guard, having, logi, partner, TRADE } from './graph.ts'

const trade = guard(TRADE)
const rules = accessRules(trade.federation.supergraphSdl)
if (!rules) throw new Error('the graph has no rules')

describe('what a token grants', () => {
  const claims = { scopesClaim: 'scope', policiesClaim: 'policies' }
  const read = (token: Readonly<Record<string, unknown>>, names = claims) => {
    const { authenticated, scopes, policies } = grantsOf(token, names)
    return { authenticated, scopes: [...scopes], policies: [...policies] }
  }

  test('are names apart by spaces, or in a list', () => {
    const expected = { authenticated: true, scopes: ['a', 'b:c'], policies: ['p', 'q'] }
    expect(read({ scope: 'a  b:c', policies: ['p', 'q'] })).toEqual(expected)
    expect(read({ scope: ['a', 'b:c'], policies: 'p q' })).toEqual(expected)
    expect(read({})).toEqual({ authenticated: true, scopes: [], policies: [] })
  })

  test('stand where the settings say; scopes also where others put them, when there is no scope', () => {
    const names = { scopesClaim: 'https://example.com/rights', policiesClaim: 'rules' }
    expect(read({ scope: 'a', scp: 'b', 'https://example.com/rights': 'c', rules: 'p' }, names)).toMatchObject({
      scopes: ['c'],
      policies: ['p']
    })
    expect(read({ scp: ['a'], scopes: 'b' }).scopes).toEqual(['a'])
    expect(read({ scopes: 'b' }).scopes).toEqual(['b'])
    expect(read({ scope: '', scp: 'a' }).scopes).toEqual([])
    expect(read({ scope: 'a', scp: 'b' }, names).scopes).toEqual([])
  })

  test('are nothing where the claim is neither, or not the token’s own', () => {
    for (const scope of [7, true, null, { a: 1 }, [['a']], [{ toString: () => 'a' }]]) {
      expect(read({ scope, policies: scope })).toEqual({ authenticated: true, scopes: [], policies: [] })
    }
    expect(read(Object.create({ scope: 'a' })).scopes).toEqual([])
  })

  test('are nothing at all without one', () => {
    expect(ANONYMOUS).toEqual({ authenticated: false, scopes: new Set(), policies: new Set() })
  })
})

describe('views', () => {
  const views = authorizedViews(rules, trade.federation.view, { mode: 'filter' })

  test('are one for callers about whom the rules decide alike, whatever else they have', () => {
    const view = views.view(logi)
    expect(views.view(having({ policies: ['unknown', 'logistics.read'], scopes: ['finance.read'] }))).toBe(view)
    expect(views.view(having({ policies: ['logistics.read'] })).id).toBe(view.id)
    const finance = views.view(fin)
    // The one alternative that finance leaves open decides nothing.
    expect(views.view(having({ policies: ['finance.read', 'logistics.read'] }))).toBe(finance)
    const ids = [anon, partner, logi, fin, admin].map(who => views.view(who).id)
    // The only rule that logistics meets asks for finance besides.
    expect(new Set(ids).size).toBe(4)
    expect(ids[1]).toBe(ids[2])
  })

  test('name what is denied, and deny nothing to whoever has everything', () => {
    expect([...(views.view(admin).denied ?? ['?'])]).toEqual([])
    const denied = views.view(fin).denied
    for (const place of ['Supplier', 'Email', 'Customer.email', 'Party', 'Order.internalNote']) {
      expect(denied).toContain(place)
    }
    for (const place of ['Order.marginPct', 'PaymentEvent', 'Customer', 'Order.insuranceTier']) {
      expect(denied).not.toContain(place)
    }
  })

  test('have ids of their own for other rules, other bases and another mode', () => {
    const { view } = trade.federation
    const others = [
      authorizedViews({ ...rules, id: 'other' }, view, { mode: 'filter' }),
      authorizedViews(rules, { ...view, id: 'other' }, { mode: 'filter' }),
      authorizedViews(rules, view, { mode: 'reject' })
    ]
    const ids = [views, ...others].map(each => each.view(logi).id)
    expect(new Set(ids).size).toBe(4)
    expect(authorizedViews(rules, view, { mode: 'filter' }).view(logi).id).toBe(views.view(logi).id)
  })

  test('have all that their base has, and its schema of the moment', () => {
    const schemas = [buildSchema('type Query { a: Int }'), buildSchema('type Query { b: Int }')]
    let asked = 0
    const masks = new Map([['Query.a', { name: 'none', apply: (value: unknown) => value }]])
    const base = {
      ...trade.federation.view,
      masks,
      get schema() {
        return schemas[asked++ % 2] ?? buildSchema('type Query { c: Int }')
      },
      access: () => ({ read: { Order: [{ channel: ['JD'] }] }, write: {} })
    }
    const view = authorizedViews(rules, base, { mode: 'filter' }).view(fin)
    expect(asked).toBe(0)
    expect(view.schema).not.toBe(view.schema)
    expect(view.masks).toBe(masks)
    expect(view.access(CONSUMER)).toEqual(base.access())
  })
})

describe('a graph with rules', () => {
  test('never runs one query for two callers about whom they decide apart (A58, A63)', async () => {
    const shared = guard(TRADE, { dedupe: true })
    let release: () => void = () => undefined
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    shared.federation.intercept = async () => {
      await held
      return undefined as never
    }
    const query = '{ order(id: "1") { id marginPct } }'
    const answers = [fin, logi, fin, anon].map(who => shared.ask(who, query))
    release()
    const shown = (await Promise.all(answers)).map(({ data }) => data)
    expect(shown).toEqual([12.5, null, 12.5, null].map(marginPct => ({ order: { id: '1', marginPct } })))
  })

  test('is not run under a view that they have not decided (A43)', async () => {
    const { engine, view } = trade.federation
    const open = caller({ view })
    const prepared = engine.prepare({ query: '{ order(id: "1") { id } }' }, open)
    await expect(engine.execute(prepared, open)).rejects.toThrow('under views that the rules have decided')
  })

  test('shows its public schema to everyone, without the rules', async () => {
    const { data } = await trade.ask(
      anon,
      '{ __type(name: "Order") { fields { name } } __schema { directives { name } } }'
    )
    expect(JSON.stringify(data)).toContain('marginPct')
    expect(JSON.stringify(data)).not.toContain('policy')
    const mixed = await trade.ask(anon, '{ __type(name: "Order") { name } audit { by } }')
    expect(mixed).toMatchObject({ data: { __type: { name: 'Order' }, audit: null }, errors: [{ path: ['audit'] }] })
  })
})
