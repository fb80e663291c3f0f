import type { Consumer } from '../../policies/consumer.ts'
import type { Directory } from '../../policies/directory.ts'
import { grantsOf } from '../authorize/grants.ts'
import type { Settings } from '../settings.ts'
import type { Identity } from './jwt.ts'
import { ROOM_ISSUER } from './room-token.ts'

/** The consumer that a verified token stands for; null when it stands for nobody we know. */
export type FindConsumer = (identity: Identity) => Consumer | null

/**
 * Finds consumers by the token's subject. A person is seen as their department. A subject that is not listed may name a
 * party class for many, such as `customer`, in the token's `party`. Only the rooms' own issuer vouches for rooms.
 */
export function consumerOf({ consumers, people }: Directory): FindConsumer {
  const listed = new Map(consumers.map(consumer => [consumer.id, consumer]))
  const persons = new Map(people.map(person => [person.id, person]))
  const classes = new Map(
    consumers
      .filter(({ kind, id, party }) => kind !== 'room' && party !== id)
      .map(consumer => [consumer.party, consumer])
  )

  return ({ issuer, subject, party, claims }) => {
    const consumer = listed.get(subject)
    if (consumer) {
      const vouched = (consumer.kind === 'room') === (issuer === ROOM_ISSUER)
      return vouched ? { ...consumer, claims: { ...consumer.claims, ...claims } } : null
    }
    if (issuer === ROOM_ISSUER) return null
    const department = listed.get(persons.get(subject)?.department ?? '')
    if (department) return { ...department, id: subject }
    const example = party === null ? undefined : classes.get(party)
    return example ? { ...example, id: subject, claims } : null
  }
}

/** Where nobody is listed, every subject of the identity provider is a consumer of its own; a scope makes an operator. */
export function foreignConsumer(settings: Settings['authorization']): FindConsumer {
  const { operatorScope } = settings
  return ({ subject, claims, payload }) => {
    const isOperator = operatorScope !== null && grantsOf(payload, settings).scopes.has(operatorScope)
    return { id: subject, kind: isOperator ? 'operator' : 'developer', party: 'foreign', company: 'foreign', claims }
  }
}
