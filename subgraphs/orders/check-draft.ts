import type { OrderDraft } from './order-draft.ts'
import { Channel } from './order-status.ts'

const CURRENCY = /^[A-Z]{3}$/
const MOST_LINES = 500
const LONGEST_NOTE = 10_000
const LONGEST_ADDRESS_PART = 200
const MOST_CARRIERS = 10

/** Why the order cannot be taken, in words that say what to correct; null when it can. */
export function checkDraft(draft: OrderDraft): string | null {
  if (!Object.hasOwn(Channel, draft.channel))
    return `channel ${JSON.stringify(draft.channel)} is not one of ${Object.keys(Channel).join(', ')}`
  const { customer } = draft
  return (
    checkText('customer.externalId', customer.externalId, 128) ??
    checkText('customer.name', customer.name ?? '-', 255) ??
    checkText('customer.phone', customer.phone ?? '-', 64) ??
    checkText('customer.region', customer.region ?? '-', 64) ??
    checkText('customer.city', customer.city ?? '-', 128) ??
    checkText('externalId', draft.externalId ?? '-', 128) ??
    checkText('number', draft.number ?? '-', 64) ??
    checkText('carrier', draft.carrier ?? '-', 64) ??
    checkMoney(draft) ??
    checkLines(draft) ??
    checkLength('note', draft.note, LONGEST_NOTE) ??
    checkAddress(draft) ??
    checkPreferences(draft) ??
    checkInstant('placedAt', draft.placedAt)
  )
}

/** Why a text does not fit its column; null when it does. */
export function checkText(name: string, text: string, longest: number): string | null {
  if (text.trim().length === 0) return `${name} is empty`
  return checkLength(name, text, longest)
}

/** Why a text that may be empty or absent is too long; null when it is not. */
function checkLength(name: string, text: string | null | undefined, longest: number): string | null {
  return (text?.length ?? 0) > longest ? `${name} has more than ${longest} characters` : null
}

/** Why a text is not an instant as it is stored; null when it is. */
export function checkInstant(name: string, text: string): string | null {
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString() === text
    ? null
    : `${name} must be an ISO instant in UTC with milliseconds, such as 2026-03-06T09:30:00.000Z`
}

function checkMoney({ currency, totalMinor }: OrderDraft): string | null {
  if (!CURRENCY.test(currency)) return `currency ${JSON.stringify(currency)} is not an ISO 4217 code`
  return totalMinor == null || isAmount(totalMinor) ? null : 'total is not a whole number of minor units from 0'
}

function checkAddress({ shipTo }: OrderDraft): string | null {
  for (const [part, text] of Object.entries(shipTo ?? {})) {
    const wrong = checkLength(`shipTo.${part}`, text, LONGEST_ADDRESS_PART)
    if (wrong) return wrong
  }
  return null
}

function checkPreferences({ preferences }: OrderDraft): string | null {
  const carriers = preferences?.carriers ?? []
  if (carriers.length > MOST_CARRIERS) return `preferences.carriers has more than ${MOST_CARRIERS} carriers`
  for (const [i, carrier] of carriers.entries()) {
    const wrong = checkText(`preferences.carriers[${i}]`, carrier, 64)
    if (wrong) return wrong
  }
  return null
}

function checkLines({ lines }: OrderDraft): string | null {
  if (lines.length > MOST_LINES) return `an order has at most ${MOST_LINES} lines`
  const ids = new Set<string>()
  for (const [i, line] of lines.entries()) {
    const at = `lines[${i}]`
    const wrong =
      checkText(`${at}.externalId`, line.externalId ?? '-', 128) ??
      checkText(`${at}.sku`, line.sku, 64) ??
      checkText(`${at}.name`, line.name, 255) ??
      checkText(`${at}.supplierId`, line.supplierId ?? '-', 64) ??
      (Number.isSafeInteger(line.quantity) && line.quantity > 0 && line.quantity < 1_000_000
        ? null
        : `${at}.quantity must be a whole number from 1 to 999999`) ??
      (isAmount(line.unitPriceMinor) ? null : `${at}.unitPrice is not a whole number of minor units from 0`)
    if (wrong) return wrong
    const id = line.externalId ?? String(i)
    if (ids.has(id)) return `${at} has the same id as a line before it: ${id}`
    ids.add(id)
  }
  return null
}

function isAmount(minor: number): boolean {
  return Number.isSafeInteger(minor) && minor >= 0 && minor <= 1e13
}
