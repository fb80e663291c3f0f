import type { MutateDeps } from '../../platform/idempotency/mutate.ts'

/** Made things that this room's use cases work with. */
export type HealthDeps = MutateDeps
