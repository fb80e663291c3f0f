/** The statuses that orders says in its events, with their stable codes (mission D2). */
const CODES: Readonly<Record<string, number>> = { AWAITING_PAYMENT: 0, PAID: 1, SHIPPED: 2, COMPLETED: 3, CANCELLED: 4 }

/** The code of one of our own status names; throws for a name that was never agreed. */
export function codeOfStatus(name: string): number {
  const code = Object.hasOwn(CODES, name) ? CODES[name] : undefined
  if (code === undefined) throw new Error(`${name} is not an order status`)
  return code
}

/** How every system may name a status: our names, our codes, and what people call them. */
const COMMON: Readonly<Record<string, number>> = {
  ...CODES,
  0: 0,
  1: 1,
  2: 2,
  3: 3,
  4: 4,
  待支付: 0,
  待付款: 0,
  已支付: 1,
  待发货: 1,
  已发货: 2,
  待收货: 2,
  已完成: 3,
  已签收: 3,
  已取消: 4,
  交易关闭: 4
}

/** What single systems say besides; a word here goes before the common one. */
const BY_SYSTEM: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  wms: { NEW: 1, ALLOCATED: 1, PICKING: 1, PACKED: 1, OUTBOUND: 2, DELIVERED: 3, VOID: 4 },
  erp: { OPEN: 0, RELEASED: 1, DELIVERED: 2, INVOICED: 3, CLOSED: 3, REVERSED: 4 },
  tms: { PLANNED: 1, PICKED_UP: 2, IN_TRANSIT: 2, OUT_FOR_DELIVERY: 2, SIGNED: 3, RETURNED: 4 },
  taobao: {
    WAIT_BUYER_PAY: 0,
    WAIT_SELLER_SEND_GOODS: 1,
    WAIT_BUYER_CONFIRM_GOODS: 2,
    TRADE_FINISHED: 3,
    TRADE_CLOSED: 4
  },
  jd: { WAIT_PAY: 0, WAIT_SELLER_STOCK_OUT: 1, WAIT_GOODS_RECEIVE_CONFIRM: 2, FINISHED_L: 3, TRADE_CANCELED: 4 }
}

/** Our code for what a system says; null when nobody has mapped it. */
export function codeFor(system: string, status: string): number | null {
  const said = status.trim().toUpperCase()
  for (const map of [BY_SYSTEM[system.toLowerCase()] ?? {}, COMMON]) {
    const code = Object.hasOwn(map, said) ? map[said] : undefined
    if (code !== undefined) return code
  }
  return null
}

/** The words that a system's status may have, for a refusal. */
export function knownWords(system: string): readonly string[] {
  return [...Object.keys(BY_SYSTEM[system.toLowerCase()] ?? {}), ...Object.keys(CODES), '0', '1', '2', '3', '4']
}
