/** The shape every benchmark shares: contenders measured in turn in one run, and a table of medians and ratios. */

export interface BenchOptions {
  /** Few rounds on little data: shows that the benchmark works, not how fast anything is. */
  readonly quick: boolean
}

/** What each module in this folder exports. */
export interface Bench {
  readonly name: string
  bench(options: BenchOptions): Promise<Table>
}

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
  /** What a reader must know to read the numbers. */
  readonly notes?: readonly string[]
}

/** One of the things compared. `run` does one round and answers how many units of work it did. */
export interface Contender {
  readonly name: string
  run(): Promise<number> | number
}

export interface Measured {
  readonly name: string
  /** Units of work per second of wall time, one number a round. */
  readonly rates: readonly number[]
  /** Median of `rates`. */
  readonly perSecond: number
  /** Median units per second of CPU time of this process. */
  readonly perCpuSecond: number
}

/**
 * Runs the contenders in turn, `rounds` times after one round to warm up, so that a slow minute of the machine hits
 * all of them alike.
 */
export async function measure(contenders: readonly Contender[], rounds: number): Promise<Measured[]> {
  const rates = contenders.map(() => [] as number[])
  const cpuRates = contenders.map(() => [] as number[])
  for (let round = -1; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const cpu = process.cpuUsage()
      const begin = performance.now()
      const units = await contender.run()
      const seconds = (performance.now() - begin) / 1000
      const used = process.cpuUsage(cpu)
      if (round < 0) continue
      rates[i]!.push(units / seconds)
      cpuRates[i]!.push(units / Math.max((used.user + used.system) / 1e6, 1e-6))
    }
  }
  return contenders.map(({ name }, i) => ({
    name,
    rates: rates[i]!,
    perSecond: median(rates[i]!),
    perCpuSecond: median(cpuRates[i]!),
  }))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** `1234567` as `1,234,567`; small numbers keep three significant digits. */
export function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))
}

/** `3.2x`, how many times `rate` is `base`. */
export function ratio(rate: number, base: number): string {
  return `${(rate / base).toFixed(2)}x`
}

/** The table as text, columns aligned: first column to the left, the rest to the right. */
export function printTable(table: Table): string {
  const rows = [table.columns, ...table.rows].map(row =>
    row.map(cell => (typeof cell === 'number' ? figure(cell) : cell)),
  )
  const widths = table.columns.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  const rule = widths.map(width => '-'.repeat(width)).join('  ')
  const notes = (table.notes ?? []).map(note => `  ${note}`)
  return [table.title, line(rows[0]!), rule, ...rows.slice(1).map(line), ...notes].join('\n')
}
