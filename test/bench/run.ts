/** Runs every benchmark in this folder, or those named, and prints their tables. `--quick` does few rounds. */
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { printTable } from './table.ts'
import type { Bench } from './table.ts'

const NOT_BENCHES = new Set(['run.ts', 'table.ts'])

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
})

const files = readdirSync(import.meta.dirname).filter(file => file.endsWith('.ts') && !NOT_BENCHES.has(file))
const benches: Bench[] = []
for (const file of files.sort()) {
  const bench = (await import(`./${file}`)) as Partial<Bench>
  // A file without `bench` belongs to a benchmark beside it.
  if (bench.name && bench.bench) benches.push(bench as Bench)
}

const unknown = positionals.filter(name => !benches.some(bench => bench.name === name))
if (unknown.length > 0) {
  console.error(
    `no benchmark called ${unknown.join(', ')}; there are: ${benches.map(one => one.name).join(', ')}`,
  )
  process.exit(2)
}
for (const bench of benches) {
  if (positionals.length > 0 && !positionals.includes(bench.name)) continue
  console.log(printTable(await bench.bench({ quick: values.quick })) + '\n')
}
