/** `opomena eval`: how much the detector finds of the functional suites, and what it flags for nothing. */
import type { Command } from 'commander'
import { ConfigError } from '../core/errors.ts'
import { EXIT } from './exit.ts'
import { writeLine } from './ndjson.ts'
import { openConfig, openLogger } from './parts.ts'
import type { Figures } from '../test/eval/evaluate.ts'
import type { Floors } from '../test/eval/floors.ts'
import type { VariantScore } from '../test/eval/variants.ts'

interface Options {
  readonly suite?: string
  readonly passages?: readonly string[]
  readonly json?: boolean
  readonly raise?: boolean
  readonly newExam?: boolean
  readonly model: boolean
  readonly weights?: string
}

export function register(program: Command): void {
  program
    .command('eval')
    .description('measure the detector on functional suites; exit 4 when a figure fell below its floor')
    .option(
      '--suite <dir>',
      'another exam: a folder with behaviours.yml, suites/<language>.yml and perhaps floors.json',
    )
    .option('--passages <files...>', 'instead: passages as the corpus has them, NDJSON; no floors are held')
    .option('--json', 'all figures as one JSON object')
    .option('--raise', 'raise the floors to what is measured now')
    .option('--new-exam', 'with --raise: accept changed suites, and measure all floors anew')
    .option('--no-model', 'the rules alone')
    .option('--weights <folder>', 'another model than the one in force')
    .addHelpText('after', '\nExample:\n  opomena eval --json | jq .figures.overall')
    .action(run)
}

async function run(options: Options): Promise<void> {
  if (options.newExam && !options.raise) throw new ConfigError('eval: --new-exam needs --raise')
  if (options.passages && (options.suite ?? options.raise))
    throw new ConfigError('eval: --passages goes with neither --suite nor --raise')
  const { EXAM, loadExam } = await import('../test/eval/suite.ts')
  const { asker, figuresOf, outcomesOf } = await import('../test/eval/evaluate.ts')
  const { stabilityOf } = await import('../test/eval/variants.ts')
  const { passageExam } = await import('../test/eval/passages.ts')

  const dir = options.suite ?? EXAM
  const exam = options.passages ? passageExam(options.passages) : loadExam(dir)
  const { openDetector } = await import('./detector.ts')
  const config = openConfig()
  const logger = openLogger(config, 'eval')
  const weights = options.model ? options.weights : 'none'
  const classifier = await openDetector({ config, logger, ...(weights !== undefined && { weights }) })
  try {
    // The classifier holds the thresholds in force; nothing is left to sort out.
    const ask = asker(classifier, { default: { review: 0 } })
    const figures = figuresOf(outcomesOf(exam, await ask(exam.passages)))
    const variants = await stabilityOf(exam.passages, ask)
    await report(dir, { exam: exam.digest, figures, variants }, options)
  } finally {
    await classifier.close()
  }
}

async function report(
  dir: string,
  {
    exam,
    figures,
    variants,
  }: Pick<Floors, 'exam'> & {
    readonly figures: Figures
    readonly variants: Readonly<Record<string, VariantScore>>
  },
  options: Options,
): Promise<void> {
  const { measured } = await import('../test/eval/floors.ts')
  const { tablesOf } = await import('../test/eval/table.ts')
  if (options.json) await writeLine(process.stdout, { exam, figures, variants })
  else process.stdout.write(tablesOf(figures, variants))
  if (!options.passages) await holdFloors(dir, measured(exam, figures, variants), options)
}

/** Says what fell below its floor. Nothing is raised over an exam that changed, unless that is meant. */
async function holdFloors(dir: string, now: Floors, { raise, newExam }: Options): Promise<void> {
  const { broken, raised, readFloors, writeFloors, OTHER_EXAM } = await import('../test/eval/floors.ts')
  const floors = newExam ? undefined : readFloors(dir)
  const fallen = floors ? broken(floors, now) : []
  for (const line of fallen) process.stderr.write(`opomena: eval: ${line}\n`)
  if (fallen.length > 0) process.exitCode = EXIT.findings
  if (raise && !fallen.includes(OTHER_EXAM)) writeFloors(floors ? raised(floors, now) : now, dir)
}
