import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql'
import type { Outcome } from '../../platform/idempotency/mutate.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { approveReturn } from './approve-return.ts'
import { declineReturn } from './decline-return.ts'
import { returnById } from './find-returns.ts'
import { receiveReturn } from './receive-return.ts'
import { requestReturn } from './request-return.ts'
import { ApproveReturnInput, DeclineReturnInput, ReceiveReturnInput, RequestReturnInput } from './return-inputs.ts'
import {
  ApproveReturnPayload,
  DeclineReturnPayload,
  ReceiveReturnPayload,
  RequestReturnPayload,
  type ReturnPayload
} from './return-payloads.ts'
import type { ReturnsDeps } from './returns-deps.ts'

@Resolver()
export class ReturnMutations {
  constructor(private readonly deps: ReturnsDeps) {}

  @Mutation(() => RequestReturnPayload, {
    description: 'Asks for lines of an order to come back; PENDING until the order answers.'
  })
  @Directive('@owner(department: "service")')
  async requestReturn(@Arg('input', () => RequestReturnInput) input: RequestReturnInput, @Ctx() context: Context) {
    return this.#payload(context, await requestReturn(this.deps, context, input))
  }

  @Mutation(() => ApproveReturnPayload)
  @Directive('@owner(department: "service")')
  async approveReturn(@Arg('input', () => ApproveReturnInput) input: ApproveReturnInput, @Ctx() context: Context) {
    return this.#payload(context, await approveReturn(this.deps, context, input))
  }

  @Mutation(() => DeclineReturnPayload)
  @Directive('@owner(department: "service")')
  async declineReturn(@Arg('input', () => DeclineReturnInput) input: DeclineReturnInput, @Ctx() context: Context) {
    return this.#payload(context, await declineReturn(this.deps, context, input))
  }

  @Mutation(() => ReceiveReturnPayload, { description: 'Says that the goods are back.' })
  @Directive('@owner(department: "service")')
  async receiveReturn(@Arg('input', () => ReceiveReturnInput) input: ReceiveReturnInput, @Ctx() context: Context) {
    return this.#payload(context, await receiveReturn(this.deps, context, input))
  }

  /** The return as the caller may now see it. */
  async #payload(context: Context, { id, userErrors }: Outcome): Promise<ReturnPayload> {
    const row = id === null ? null : await returnById(this.deps.database.reads, context, id)
    return { return: row, userErrors }
  }
}
