/** What an import writes to, as far as it needs to know: the rooms' bulk functions are assignable to it. */
export interface ImportTarget {
  readonly orders: {
    importOrders(batch: readonly MappedOrder[]): Promise<readonly RowResult[]>
    importProducts(batch: readonly MappedProduct[]): Promise<readonly RowResult[]>
    /** Resolves once what was written is in the log. */
    flush(): Promise<void>
  }
  readonly suppliers: {
    importSuppliers(batch: readonly MappedSupplier[], company: string): Promise<BatchCounts>
  }
}

export type RowResult =
  | { readonly outcome: 'imported' | 'unchanged' }
  | { readonly outcome: 'rejected'; readonly reason: string }

export interface BatchCounts {
  readonly created: number
  readonly changed: number
  readonly unchanged: number
}

export const CHANNELS = ['DOUYIN', 'TAOBAO', 'JD', 'PINDUODUO', 'WECHAT', 'B2B', 'DIRECT'] as const

export type Channel = (typeof CHANNELS)[number]

/** In the order of an order's life, which is the order of their codes 0 to 4. */
export const STATUSES = ['AWAITING_PAYMENT', 'PAID', 'SHIPPED', 'COMPLETED', 'CANCELLED'] as const

export type Status = (typeof STATUSES)[number]

export const STAGES = ['AGGREGATE', 'PILOT', 'COLLABORATION'] as const

export interface MappedStep {
  readonly status: Status
  /** ISO instant; null = the source does not say. */
  readonly at: string | null
}

export interface MappedLine {
  readonly externalId?: string
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly unitPriceMinor: number
  readonly supplierId: string | null
}

export interface MappedOrder {
  readonly company: string
  readonly channel: Channel
  readonly externalId: string
  readonly number: string | null
  readonly customer: {
    readonly externalId: string
    readonly name: string | null
    readonly phone: string | null
    readonly region: string | null
    readonly city: string | null
  }
  readonly lines: readonly MappedLine[]
  readonly currency: string
  /** Minor units; null = unknown. */
  readonly totalMinor: number | null
  readonly note: string | null
  readonly shipTo: Readonly<Record<string, string | null>> | null
  readonly placedAt: string
  readonly history: readonly MappedStep[]
  readonly promisedTo: string | null
  readonly carrier: string | null
  readonly cancelReason: string | null
}

export interface MappedProduct {
  readonly company: string
  readonly sku: string
  readonly name: string
  readonly category: string | null
  readonly weightGrams: number | null
}

export interface MappedSupplier {
  readonly id: string
  readonly name: string
  readonly stage?: (typeof STAGES)[number]
}
