/** Figures of one process in the text form that Prometheus reads (exposition format 0.0.4). */

export type Labels = Readonly<Record<string, string>>

/** Seconds; a batch takes milliseconds on rules alone and some seconds with the model. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 1, 5, 15, 60] as const

type Kind = 'counter' | 'gauge' | 'histogram'

export interface Metrics {
  /** Adds to a count that only grows. Names end in `_total`. */
  count(name: string, help: string, labels: Labels, by?: number): void
  /** A value that goes up and down. */
  set(name: string, help: string, labels: Labels, value: number): void
  /** Asked each time that somebody looks. What it cannot say now, it leaves out by answering undefined or throwing. */
  ask(name: string, help: string, labels: Labels, read: () => number | undefined): void
  /** One duration, in seconds. */
  observe(name: string, help: string, labels: Labels, seconds: number): void
  /** Forgets the values of these labels, for what is no longer there. */
  drop(name: string, labels: Labels): void
  text(): string
}

interface Family {
  readonly kind: Kind
  readonly help: string
  /** Values by the text of their labels. */
  readonly values: Map<string, number | (() => number | undefined) | Histogram>
}

interface Histogram {
  readonly buckets: number[]
  sum: number
  count: number
}

export function metrics(): Metrics {
  const families = new Map<string, Family>()

  function family(name: string, kind: Kind, help: string): Family['values'] {
    let found = families.get(name)
    if (!found) families.set(name, (found = { kind, help, values: new Map() }))
    return found.values
  }

  return {
    count(name, help, labels, by = 1) {
      const values = family(name, 'counter', help)
      const key = labelText(labels)
      values.set(key, Number(values.get(key) ?? 0) + by)
    },
    set: (name, help, labels, value) => void family(name, 'gauge', help).set(labelText(labels), value),
    ask: (name, help, labels, read) =>
      void family(name, name.endsWith('_total') ? 'counter' : 'gauge', help).set(labelText(labels), read),
    observe(name, help, labels, seconds) {
      const values = family(name, 'histogram', help)
      const key = labelText(labels)
      const histogram = (values.get(key) ?? { buckets: BUCKETS.map(() => 0), sum: 0, count: 0 }) as Histogram
      for (const [at, bound] of BUCKETS.entries()) if (seconds <= bound) histogram.buckets[at]!++
      histogram.sum += seconds
      histogram.count++
      values.set(key, histogram)
    },
    drop: (name, labels) => void families.get(name)?.values.delete(labelText(labels)),
    text: () => [...families].map(([name, one]) => familyText(name, one)).join(''),
  }
}

function familyText(name: string, { kind, help, values }: Family): string {
  const lines = [...values].flatMap(([labels, value]) =>
    typeof value === 'object' ? histogramLines(name, labels, value) : line(name, labels, current(value)),
  )
  if (lines.length === 0) return ''
  return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${lines.join('')}`
}

function current(value: number | (() => number | undefined)): number | undefined {
  if (typeof value === 'number') return value
  try {
    return value()
  } catch {
    return undefined
  }
}

function line(name: string, labels: string, value: number | undefined): string[] {
  return value === undefined ? [] : [`${name}${labels === '' ? '' : `{${labels}}`} ${value}\n`]
}

function histogramLines(name: string, labels: string, { buckets, sum, count }: Histogram): string[] {
  const before = labels === '' ? '' : `${labels},`
  const bounds: readonly (readonly [string, number])[] = [
    ...BUCKETS.map((bound, at) => [String(bound), buckets[at]!] as const),
    ['+Inf', count],
  ]
  return [
    ...bounds.flatMap(([bound, upTo]) => line(`${name}_bucket`, `${before}le="${bound}"`, upTo)),
    ...line(`${name}_sum`, labels, sum),
    ...line(`${name}_count`, labels, count),
  ]
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
