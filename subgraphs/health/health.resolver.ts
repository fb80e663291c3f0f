import { Arg, Ctx, Directive, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { DurationScalar } from '../../platform/graphql/scalars.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { reportById, reportsOf } from './find-reports.ts'
import type { HealthDeps } from './health-deps.ts'
import { Order } from './order.ts'
import { Pulse } from './pulse.ts'
import { DEFAULT_WINDOW, readPulse } from './read-pulse.ts'
import { reportStatus } from './report-status.ts'
import { ReportStatusInput, ReportStatusPayload } from './status-inputs.ts'
import { StatusReport } from './status-report.ts'

/** How orders run, and what other systems say of them. */
@Resolver(() => Order)
export class HealthResolver {
  readonly #deps: HealthDeps

  constructor(deps: HealthDeps) {
    this.#deps = deps
  }

  @Query(() => Pulse, { description: `How well orders run over the window that ends now; default ${DEFAULT_WINDOW}.` })
  @Directive('@owner(department: "operator")')
  pulse(
    @Ctx() { access }: Context,
    @Arg('window', () => DurationScalar, { nullable: true }) window: string | null
  ): Promise<Pulse> {
    return readPulse(this.#deps.database.reads, access.company, this.#deps.clock.now(), window ?? DEFAULT_WINDOW)
  }

  @Mutation(() => ReportStatusPayload, { description: 'A system says which status it has an order in.' })
  @Directive('@owner(department: "operator")')
  async reportStatus(
    @Ctx() context: Context,
    @Arg('input', () => ReportStatusInput) input: ReportStatusInput
  ): Promise<ReportStatusPayload> {
    const { id, userErrors } = await reportStatus(this.#deps, context, input)
    return { report: id === null ? null : await reportById(this.#deps.database.reads, context, id), userErrors }
  }

  @FieldResolver(() => [StatusReport], { description: 'What other systems say of it, the oldest first.' })
  @Directive('@owner(department: "operator")')
  statusReports(@Root() { id }: Order, @Ctx() context: Context): Promise<readonly StatusReport[]> {
    return reportsOf(this.#deps.database.reads, context, id)
  }
}
