import { type HttpDoor, startHttpDoor } from '../support/http-door.ts'

let door: HttpDoor
beforeAll(async () => {
  door = await startHttpDoor()
})
afterAll(() => door[Symbol.asyncDispose]())

const RESPONSE = 'application/graphql-response+json'
const JSON_TYPE = 'application/json'
const EVENTS = 'text/event-stream'
const QUERY = { query: '{ __typename }' }

async function typeFor(accept: string): Promise<string> {
  const response = await fetch(door.url, {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, accept },
    body: JSON.stringify(QUERY)
  })
  await response.text()
  return response.status === 200 ? (response.headers.get('content-type') ?? '') : String(response.status)
}

describe('the media type of an answer', () => {
  test.each([
    ['what is accepted', RESPONSE, RESPONSE],
    ['plain JSON for whoever takes anything', '*/*', JSON_TYPE],
    ['plain JSON for whoever takes any application type', 'application/*', JSON_TYPE],
    ['the newer type where both are equally welcome', `${JSON_TYPE}, ${RESPONSE}`, RESPONSE],
    ['the one with the higher quality', `${RESPONSE};q=0.5, ${JSON_TYPE};q=0.9`, JSON_TYPE],
    ['what Apollo’s clients send', `${RESPONSE},${JSON_TYPE};q=0.9`, RESPONSE],
    ['what is named before what a wildcard covers', `*/*;q=0.1, ${RESPONSE};q=0.2`, RESPONSE],
    ['what a wildcard covers when the rest is worth less', `${RESPONSE};q=0.2, */*;q=0.8`, JSON_TYPE],
    ['JSON, not the page a browser would rather have', 'text/html,application/xhtml+xml,*/*;q=0.8', JSON_TYPE],
    ['whatever case it is written in', 'Application/JSON', JSON_TYPE],
    ['whatever its parameters are', `${RESPONSE}; charset=utf-8; Q=1`, RESPONSE],
    ['events for a query, when they are welcome most', `${EVENTS}, ${JSON_TYPE};q=0.9`, EVENTS],
    ['JSON for a query, when events are as welcome', `${EVENTS}, ${JSON_TYPE}`, JSON_TYPE],
    ['nothing that is refused by a quality of none', `${RESPONSE};q=0, ${JSON_TYPE}`, JSON_TYPE]
  ])('is %s', async (_, accept, type) => {
    expect(await typeFor(accept)).toBe(`${type}; charset=utf-8`)
  })

  test.each(['text/html', `${JSON_TYPE};q=0`, '*/*;q=0', `${RESPONSE};q=x`])('is none for %s', async accept => {
    expect(await typeFor(accept)).toBe('406')
    const { headers, body } = await door.post(QUERY, { accept })
    expect(headers.get('content-type')).toBe(`${JSON_TYPE}; charset=utf-8`)
    expect(body.errors?.[0]?.extensions['code']).toBe('NOT_ACCEPTABLE')
  })

  test('is not forgotten for the many different ones that somebody sends', async () => {
    for (let i = 0; i < 250; i++) await typeFor(`text/x-${i}, ${RESPONSE}`)
    expect(await typeFor(RESPONSE)).toBe(`${RESPONSE}; charset=utf-8`)
  })
})

describe('the status of an answer', () => {
  test.each([
    ['a document that does not parse', { query: '{' }],
    ['a document that is not valid', { query: '{ nothing }' }],
    ['a variable that cannot be taken', { query: 'query ($id: ID!) { user(id: $id) { id } }' }],
    ['a name that the document does not hold', { query: '{ __typename }', operationName: 'Other' }],
    ['several operations without a name', { query: 'query A { __typename } query B { __typename }' }]
  ])('for %s is 400, and 200 as plain JSON', async (_, request) => {
    const answers = await Promise.all([RESPONSE, JSON_TYPE].map(accept => door.post(request, { accept })))
    expect(answers.map(({ status }) => status)).toEqual([400, 200])
    expect(answers[0]?.body).toEqual(answers[1]?.body)
    expect(answers[0]?.body).not.toHaveProperty('data')
  })

  test('for a refusal that is not about the document is the same in both', async () => {
    const query = `{ ${Array.from({ length: 20 }, () => 'me { id }').join(' ')} }`
    for (const accept of [RESPONSE, JSON_TYPE]) expect((await door.post({ query }, { accept })).status).toBe(400)
  })
})
