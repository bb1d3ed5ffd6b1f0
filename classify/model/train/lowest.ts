/** Lowest: a fixed number of things drawn from a stream, the same ones each time: those with the lowest keys. */

/** Equal keys are one thing. */
export class Lowest<T> {
  readonly #wanted: number
  #kept = new Map<string, T>()
  #limit = '\uffff'

  constructor(wanted: number) {
    this.#wanted = wanted
  }

  offer(key: string, value: T): void {
    if (key > this.#limit) return
    this.#kept.set(key, value)
    // Sorted rarely: twice as many are kept as wanted.
    if (this.#kept.size > this.#wanted * 2 + 1_000) this.#shrink()
  }

  values(): T[] {
    this.#shrink()
    return [...this.#kept.values()]
  }

  #shrink(): void {
    const sorted = [...this.#kept].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, this.#wanted)
    this.#kept = new Map(sorted)
    if (sorted.length === this.#wanted) this.#limit = sorted.at(-1)?.[0] ?? ''
  }
}
