import { serverAudits } from 'graphql-http'
import { type HttpDoor, startHttpDoor } from '../support/http-door.ts'

let door: HttpDoor
beforeAll(async () => {
  door = await startHttpDoor()
})
afterAll(() => door[Symbol.asyncDispose]())

describe('GraphQL over HTTP, as graphql-http audits it', () => {
  test.each(serverAudits({ url: () => door.url }).map(audit => [`${audit.id} ${audit.name}`, audit] as const))(
    '%s',
    async (_, audit) => {
      const result = await audit.fn()
      expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok')
    }
  )
})
