import 'reflect-metadata'
import { Directive, Field, ObjectType } from 'type-graphql'
import { DecimalScalar } from './scalars.ts'

@ObjectType({ description: 'An amount in major units as a decimal text, with its ISO 4217 currency.' })
@Directive('@shareable')
@Directive('@commons')
export class Money {
  @Field(() => DecimalScalar)
  readonly amount!: string

  @Field(() => String)
  readonly currency!: string
}

/** Currencies whose minor unit is not a hundredth. */
const DIGITS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, VND: 0, KWD: 3, BHD: 3 }

/** Stored integer minor units (semantics W5) as GraphQL's Money. */
export function money(minor: number, currency: string): Money {
  const digits = DIGITS[currency] ?? 2
  const text = String(Math.abs(minor)).padStart(digits + 1, '0')
  const amount = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
  return { amount: minor < 0 ? `-${amount}` : amount, currency }
}

/** A decimal text as integer minor units, or null when it has more decimals than the currency. */
export function minorUnits(amount: string, currency: string): number | null {
  const digits = DIGITS[currency] ?? 2
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount.trim())
  if (!match) return null
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  if (fraction.length > digits) return null
  const value = Number(`${match[2]}${fraction.padEnd(digits, '0')}`)
  return Number.isSafeInteger(value) ? (match[1] ? -value : value) : null
}
