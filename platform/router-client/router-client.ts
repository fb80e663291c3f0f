/**
 * How a room asks another room for what events must not carry (semantics W6): through the router, under the room's own
 * contract, like anyone else.
 */
export interface RouterClient {
  query<Data>(document: string, variables: Readonly<Record<string, unknown>>): Promise<Data>
}
