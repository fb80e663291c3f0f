import { registerEnumType } from 'type-graphql'

/** Where a return stands. PENDING until orders has answered (semantics W1); REFUSED, DECLINED and RECEIVED are final. */
export enum ReturnStatus {
  PENDING = 'PENDING',
  REFUSED = 'REFUSED',
  REQUESTED = 'REQUESTED',
  APPROVED = 'APPROVED',
  DECLINED = 'DECLINED',
  RECEIVED = 'RECEIVED'
}

registerEnumType(ReturnStatus, {
  name: 'ReturnStatus',
  description: 'PENDING: the order has been asked. REFUSED: the order said no. DECLINED: service said no.'
})

/** What can be done to a return from outside, or answered by orders. */
export type ReturnMove = 'accept' | 'refuse' | 'approve' | 'decline' | 'receive'

const MOVES: Readonly<Record<ReturnStatus, Readonly<Partial<Record<ReturnMove, ReturnStatus>>>>> = {
  PENDING: { accept: ReturnStatus.REQUESTED, refuse: ReturnStatus.REFUSED },
  REQUESTED: { approve: ReturnStatus.APPROVED, decline: ReturnStatus.DECLINED },
  APPROVED: { receive: ReturnStatus.RECEIVED },
  REFUSED: {},
  DECLINED: {},
  RECEIVED: {}
}

/** The status after a move, or null when the move is not allowed from here. */
export function statusAfter(status: ReturnStatus, move: ReturnMove): ReturnStatus | null {
  return MOVES[status][move] ?? null
}

/** The mutations that a return of this status takes, for the refusal of any other. */
export function allowedMutations(status: ReturnStatus): readonly string[] {
  const byMove = { approve: 'approveReturn', decline: 'declineReturn', receive: 'receiveReturn' } as const
  return Object.entries(byMove)
    .filter(([move]) => statusAfter(status, move as ReturnMove) !== null)
    .map(([, mutation]) => mutation)
}
