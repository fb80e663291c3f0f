import { defineConfig } from '@graphql-hive/gateway'

// Both kinds of deduplication: of whole requests that come in, and of subgraph requests that go out.
const dedupe = process.env.BENCH_DEDUPE === 'on'

export const gatewayConfig = defineConfig({
  logging: 'warn',
  inboundInflightRequestDeduplication: dedupe,
  transportEntries: { '*.http': { options: { deduplicateInflightRequests: dedupe } } }
})
