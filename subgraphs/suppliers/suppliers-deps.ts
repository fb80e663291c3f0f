import type { MutateDeps } from '../../platform/idempotency/mutate.ts'

/** Made things that this room's use cases work with. */
export interface SuppliersDeps extends MutateDeps {
  /** The company's zone (IANA), which decides days. */
  readonly zone: string
}
