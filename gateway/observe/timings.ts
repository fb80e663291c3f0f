import { Histogram, type Registry } from 'prom-client'

/** Upper bounds in seconds, Prometheus's own. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** How long something took, each time, for one set of labels. */
export class Timing {
  sum = 0
  /** Times within each bound and above the one before; the last is for what took longer than all. */
  readonly counts: number[] = new Array<number>(BOUNDS.length + 1).fill(0)

  observe(seconds: number): void {
    this.sum += seconds
    let i = 0
    while (i < BOUNDS.length && seconds > (BOUNDS[i] ?? 0)) i++
    this.counts[i] = (this.counts[i] ?? 0) + 1
  }
}

type Labels = Readonly<Record<string, string>>

interface Value {
  readonly metricName: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}

/**
 * A histogram for what happens several times a request: each timing is counted where it is taken, and looked up by its labels
 * only when metrics are read. prom-client's own builds and compares a text of all labels each time.
 */
export class Timings extends Histogram {
  readonly #name: string
  readonly #help: string
  readonly #timings = new Map<string, { readonly labels: Labels; readonly timing: Timing }>()

  constructor(registry: Registry, name: string, help: string, labelNames: readonly string[]) {
    super({ name, help, labelNames: [...labelNames], registers: [registry] })
    this.#name = name
    this.#help = help
  }

  /** The timing of these labels, always the same; to be kept by whoever observes. */
  of(labels: Labels): Timing {
    const key = JSON.stringify(labels)
    const known = this.#timings.get(key) ?? { labels, timing: new Timing() }
    this.#timings.set(key, known)
    return known.timing
  }

  /** What Prometheus is shown: the registry asks prom-client's histograms for it by this name. */
  async getForPromString(): Promise<object> {
    const values = [...this.#timings.values()].flatMap(({ labels, timing }) => this.#values(labels, timing))
    return { name: this.#name, help: this.#help, type: 'histogram', aggregator: 'sum', values }
  }

  #values(labels: Labels, { sum, counts }: Timing): readonly Value[] {
    let count = 0
    const buckets = counts.map((within, i) => {
      count += within
      return { metricName: `${this.#name}_bucket`, value: count, labels: { le: BOUNDS[i] ?? '+Inf', ...labels } }
    })
    if (count === 0) return []
    return [
      ...buckets,
      { metricName: `${this.#name}_sum`, value: sum, labels },
      { metricName: `${this.#name}_count`, value: count, labels }
    ]
  }
}
