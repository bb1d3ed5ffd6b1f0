/** `opomena eval`: how much the detector finds of the functional suites, and what it flags for nothing. */
import type { Command } from 'commander'
import { ConfigError } from '../core/errors.ts'
import { EXIT } from './exit.ts'
import { writeLine } from './ndjson.ts'
import { openClassifier, openConfig } from './parts.ts'

interface Options {
  readonly suite?: string
  readonly json?: boolean
  readonly raise?: boolean
  readonly newExam?: boolean
}

export function register(program: Command): void {
  program
    .command('eval')
    .description('measure the detector on functional suites; exit 4 when a figure fell below its floor')
    .option(
      '--suite <dir>',
      'another exam: a folder with behaviours.yml and suites/<language>.yml; it has no floors',
    )
    .option('--json', 'all figures as one JSON object')
    .option('--raise', 'raise the floors to what is measured now')
    .option('--new-exam', 'with --raise: accept changed suites, and measure all floors anew')
    .addHelpText('after', '\nExample:\n  opomena eval --json | jq .figures.overall')
    .action(run)
}

async function run(options: Options): Promise<void> {
  if (options.suite !== undefined && options.raise)
    throw new ConfigError('eval: --raise is about the floors of the bundled suites; leave --suite away')
  if (options.newExam && !options.raise) throw new ConfigError('eval: --new-exam needs --raise')
  const { loadExam } = await import('../test/eval/suite.ts')
  const { asker, figuresOf, outcomesOf } = await import('../test/eval/evaluate.ts')
  const { stabilityOf } = await import('../test/eval/variants.ts')
  const { measured } = await import('../test/eval/floors.ts')
  const { tablesOf } = await import('../test/eval/table.ts')

  const exam = loadExam(options.suite)
  const config = openConfig()
  const classifier = await openClassifier(config)
  const ask = asker(classifier, config.settings.classify.thresholds)
  const figures = figuresOf(outcomesOf(exam, ask))
  const variants = stabilityOf(exam.passages, ask)
  if (options.json) await writeLine(process.stdout, { exam: exam.digest, figures, variants })
  else process.stdout.write(tablesOf(figures, variants))
  if (options.suite === undefined) await holdFloors(measured(exam.digest, figures, variants), options)
}

async function holdFloors(
  now: import('../test/eval/floors.ts').Floors,
  { raise, newExam }: Options,
): Promise<void> {
  const { broken, raised, readFloors, writeFloors, OTHER_EXAM } = await import('../test/eval/floors.ts')
  if (raise && newExam) {
    writeFloors(now)
    return
  }
  const floors = readFloors()
  const fallen = broken(floors, now)
  for (const line of fallen) process.stderr.write(`opomena: eval: ${line}\n`)
  if (fallen.length > 0) process.exitCode = EXIT.findings
  if (raise && !fallen.includes(OTHER_EXAM)) writeFloors(raised(floors, now))
}
