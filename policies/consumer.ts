/** Someone who calls: who they are (claims) and as what they are seen (party class, semantics K1). */
export interface Consumer {
  /** `acme-bearings`, `customer-1001`. */
  readonly id: string
  readonly kind: 'department' | 'supplier' | 'carrier' | 'developer' | 'customer' | 'operator' | 'room'
  /** The contract's consumer: `acme-bearings`, `customer`. */
  readonly party: string
  readonly company: string
  /** Bind scope variables and mask keys at run time, for example `{ supplier: 'acme-bearings' }`. */
  readonly claims: Readonly<Record<string, string>>
}
