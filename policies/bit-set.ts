/** A fixed number of bits: what a party can see, at one bit a coordinate (semantics K10). */
export class BitSet {
  readonly #words: Uint32Array

  constructor(size: number) {
    this.#words = new Uint32Array(Math.ceil(size / 32))
  }

  add(bit: number): void {
    this.#words[bit >>> 5] = (this.#words[bit >>> 5] ?? 0) | (1 << (bit & 31))
  }

  has(bit: number | undefined): boolean {
    return bit !== undefined && ((this.#words[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0
  }

  /** The bits as text: equal sets have equal text. */
  key(): string {
    return Array.from(this.#words, word => word.toString(36)).join('.')
  }
}
