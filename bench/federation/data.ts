/** The shop behind the benchmark's subgraphs: six people, nine products, eleven reviews. Always the same. */

export interface User {
  readonly id: string
  readonly name: string
  readonly username: string
  readonly birthday: number
}

export interface Product {
  readonly upc: string
  readonly name: string
  readonly price: number
  readonly weight: number
  readonly inStock: boolean
}

export interface Review {
  readonly id: string
  readonly body: string
  readonly upc: string
}

export const USERS: readonly User[] = [
  ['Ada Brandt', 'adab'],
  ['Bruno Castellanos', 'brunocast'],
  ['Chiara Donati', 'chiarad'],
  ['Dmitri Ekström', 'ekstrom'],
  ['Emeka Farouk', 'emekaf'],
  ['Fumiko Gotanda', 'gotanda']
].map(([name = '', username = ''], index) => ({ id: String(index + 1), name, username, birthday: 631_152_000 }))

export const PRODUCTS: readonly Product[] = [
  ['Desk', 899, 110, true],
  ['Divan', 1299, 1200, false],
  ['Mug', 15, 20, false],
  ['Stool', 499, 90, false],
  ['Radio', 1299, 950, true],
  ['Lantern', 6999, 310, true],
  ['Stove', 3999, 2100, true],
  ['Freezer', 100_000, 6400, false],
  ['Armchair', 9999, 780, true]
].map(([name, price, weight, inStock], index) => ({
  upc: String(index + 1),
  name: String(name),
  price: Number(price),
  weight: Number(weight),
  inStock: inStock === true
}))

const WORDS =
  'after two months of daily use it still looks as it did on the first morning though one screw had to be tightened and the paint near the edge is thinner than the picture promised '

/** Prose of an exact length. */
function prose(length: number, from: number): string {
  const start = (from * 37) % WORDS.length
  return WORDS.repeat(Math.ceil((length + start) / WORDS.length)).slice(start, start + length)
}

/** Product and length of each review, in order of id. */
const REVIEWED: readonly (readonly [upc: string, length: number])[] = [
  ['1', 445],
  ['1', 290],
  ['1', 275],
  ['1', 145],
  ['2', 445],
  ['2', 290],
  ['2', 275],
  ['2', 145],
  ['3', 145],
  ['4', 145],
  ['4', 870]
]

export const REVIEWS: readonly Review[] = REVIEWED.map(([upc, length], index) => ({
  id: String(index + 1),
  body: prose(length, index),
  upc
}))

/** Everything is written by the first user, and every user wrote the first two: few entities, asked for many times. */
export const AUTHOR = USERS[0] as User
export const WRITTEN: readonly Review[] = REVIEWS.slice(0, 2)

/** Half the weight; free above 1000. */
export function shippingEstimate(price: number, weight: number): number {
  return price > 1000 ? 0 : Math.floor(weight / 2)
}
