/** `opomena lexicon`: what is wrong in the lexicons, whether their examples hold, and what a change does to articles. */
import type { Command } from 'commander'
import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError, reasonOf } from '../core/errors.ts'
import { LANGUAGES } from '../core/labels.ts'
import type { ClassifierInput } from '../classify/article-texts.ts'
import type { Classifier } from '../classify/classifier.ts'
import type { Lexicons } from '../classify/lexicon.ts'
import type { LintFinding } from '../classify/lexicon-lint.ts'
import type { LexiconDiff, RuleChange } from '../classify/lexicon-diff.ts'
import { EXIT } from './exit.ts'
import { linesOf, writeLine } from './ndjson.ts'
import { openConfig } from './parts.ts'

/** A file of articles, one object a line; what the project's own commands print fits, and what archives hold. */
const article = z.object({
  id: z.string().optional(),
  url: z.string().optional(),
  title: z.string().nullish(),
  lead: z.string().nullish(),
  text: z.string().nullish(),
  lang: z.enum(LANGUAGES).nullish().catch(undefined),
  section: z.string().nullish(),
})

export function register(program: Command): void {
  const lexicon = program.command('lexicon').description('check the lexicons, and compare two of them')
  lexicon
    .command('lint')
    .description(
      'entries that repeat each other, never match, hit neutral text, or lack examples; exit 4 when one is found',
    )
    .option('--on <file>', 'articles as NDJSON: tell the entries that hit many of them')
    .option('--rate <share>', 'with --on: how many of a thousand articles an entry may hit', '2')
    .option('--overlay <folder>', 'a private folder of additions, instead of the one in the settings')
    .option('--json', 'one JSON object a finding')
    .addHelpText('after', '\nExample:\n  opomena lexicon lint --on articles.ndjson')
    .action(lint)
  lexicon
    .command('test')
    .description('run examples.yml of every language; exit 4 when one fails')
    .addHelpText('after', '\nExample:\n  opomena lexicon test')
    .action(test)
  lexicon
    .command('diff')
    .description('which flags come and go on articles when OLD becomes NEW')
    .argument(
      '<old>',
      'folder with one folder per language, or a private folder of additions; - for the bundled',
    )
    .argument('<new>', 'the same')
    .requiredOption('--on <file>', 'articles as NDJSON: {id, title?, lead?, text, lang?} a line')
    .option('--samples <n>', 'quotes shown per rule', '0')
    .option('--json', 'everything as one JSON object')
    .addHelpText(
      'after',
      `
Quotes may be hateful: they are shown only when asked for.

Example:
  opomena lexicon diff - my-lexicons --on articles.ndjson --samples 3`,
    )
    .action(diff)
}

// ---------------------------------------------------------------- lint

interface LintOptions {
  readonly on?: string
  readonly rate: string
  readonly overlay?: string
  readonly json?: boolean
}

async function lint({ on, rate, overlay, json }: LintOptions): Promise<void> {
  const perThousand = numberOf('--rate', rate, 1_000)
  const { lintLexicons } = await import('../classify/lexicon-lint.ts')
  const { loadLexicons } = await import('../classify/lexicon.ts')
  const config = openConfig()
  let lexicons: Lexicons
  try {
    const folder = overlay ?? config.lexiconDir
    lexicons = loadLexicons(folder === undefined ? {} : { overlay: folder })
  } catch (thrown) {
    // A lexicon that cannot be read is what a lint is for.
    if (!(thrown instanceof ConfigError)) throw thrown
    process.stdout.write(`${thrown.message}\n`)
    process.exitCode = EXIT.findings
    return
  }
  const classifier = await classifierOf(lexicons)
  const findings = [...lintLexicons({ lexicons, events: config.events, classifier })]
  if (on !== undefined) findings.push(...(await tooFrequent(on, classifier, lexicons, perThousand)))
  for (const one of findings) {
    if (json) await writeLine(process.stdout, one)
    else process.stdout.write(`${one.place}: ${one.check}: ${one.entry}: ${one.message}\n`)
  }
  const entries = [...lexicons.byCode.values()].reduce((sum, one) => sum + one.entries.length, 0)
  process.stderr.write(`${findings.length} found in ${entries} entries\n`)
  if (findings.length > 0) process.exitCode = EXIT.findings
}

/** Entries that hit more articles than real cases are likely to be among them. */
async function tooFrequent(
  file: string,
  classifier: Classifier,
  lexicons: Lexicons,
  perThousand: number,
): Promise<LintFinding[]> {
  const entries = new Map(
    [...lexicons.byCode.values()].flatMap(({ entries: all }) => all.map(one => [one.id, one])),
  )
  const hits = new Map<string, number>()
  let read = 0
  for await (const input of articlesOf(file)) {
    read += 1
    const rules = new Set(classifier.classify(input).flags.map(flag => flag.rule))
    for (const rule of rules) hits.set(rule, (hits.get(rule) ?? 0) + 1)
  }
  return [...hits].flatMap(([rule, count]) => {
    const entry = entries.get(rule)
    if (!entry || count < 2 || (count * 1_000) / read <= perThousand) return []
    return [
      { check: 'neutral', place: entry.place, entry: rule, message: `hits ${count} of ${read} articles` },
    ]
  })
}

// ---------------------------------------------------------------- test

async function test(): Promise<void> {
  const { examplesOf, failureOf } = await import('../classify/lexicon-examples.ts')
  const { loadLexicons } = await import('../classify/lexicon.ts')
  const { PACK_CODES } = await import('../classify/pack.ts')
  const { lexiconDir } = openConfig()
  const classifier = await classifierOf(loadLexicons(lexiconDir === undefined ? {} : { overlay: lexiconDir }))
  const examples = PACK_CODES.flatMap(code => [
    ...examplesOf(code),
    ...(lexiconDir === undefined ? [] : examplesOf(code, lexiconDir)),
  ])
  const failures = examples.flatMap(example => failureOf(classifier, example) ?? [])
  for (const failure of failures) process.stdout.write(`${failure}\n`)
  process.stderr.write(`${examples.length - failures.length} of ${examples.length} examples hold\n`)
  if (failures.length > 0) process.exitCode = EXIT.findings
}

// ---------------------------------------------------------------- diff

interface DiffOptions {
  readonly on: string
  readonly samples: string
  readonly json?: boolean
}

async function diff(old: string, now: string, { on, samples, json }: DiffOptions): Promise<void> {
  const { lexiconDiff } = await import('../classify/lexicon-diff.ts')
  const most = numberOf('--samples', samples, 100)
  const [before, after] = [await classifierFrom(old), await classifierFrom(now)]
  const compared = lexiconDiff({ before, after, samples: most })
  for await (const input of articlesOf(on)) compared.add(input)
  const result = compared.result()
  if (json) await writeLine(process.stdout, result)
  else process.stdout.write(tableOf(result))
}

function tableOf({ articles, flagsBefore, flagsAfter, rules }: LexiconDiff): string {
  const width = Math.max(4, ...rules.map(one => one.rule.length))
  const head = `${articles} articles: ${flagsBefore} flags before, ${flagsAfter} after\n`
  if (rules.length === 0) return `${head}nothing changed\n`
  const row = ({ rule, come, gone, changed, samples }: RuleChange): string =>
    `${rule.padEnd(width)}  ${String(come).padStart(6)}  ${String(gone).padStart(6)}  ${String(changed).padStart(7)}\n` +
    samples.come.map(one => `  + ${one.article}: ${one.quote}\n`).join('') +
    samples.gone.map(one => `  - ${one.article}: ${one.quote}\n`).join('')
  return `${head}${'rule'.padEnd(width)}    come    gone  changed\n${rules.map(row).join('')}`
}

/** A whole set of lexicons, or additions to the bundled ones. */
async function classifierFrom(directory: string): Promise<Classifier> {
  const { loadLexicons } = await import('../classify/lexicon.ts')
  if (directory === '-') return classifierOf(loadLexicons())
  const isWhole = existsSync(join(directory, 'any', 'lexicon.yml'))
  return classifierOf(loadLexicons(isWhole ? { directory } : { overlay: directory }))
}

async function classifierOf(lexicons: Lexicons): Promise<Classifier> {
  const { createClassifier } = await import('../classify/classifier.ts')
  const { events, settings } = openConfig()
  return createClassifier({ lexicons, events, thresholds: settings.classify.thresholds })
}

async function* articlesOf(file: string): AsyncGenerator<ClassifierInput> {
  if (!existsSync(file)) {
    throw new ConfigError(
      `lexicon: ${file}: expected a file of articles, one JSON object a line; found nothing`,
    )
  }
  let line = 0
  for await (const text of linesOf(createReadStream(file))) {
    line += 1
    if (text.trim() === '') continue
    const { id, url, title, lead, lang, section, ...rest } = read(text, `${file}:${line}`)
    yield {
      id: id ?? url ?? String(line),
      text: rest.text ?? '',
      title: title ?? undefined,
      lead: lead ?? undefined,
      section: section ?? undefined,
      declaredLanguage: lang ?? undefined,
    }
  }
}

function read(text: string, place: string): z.infer<typeof article> {
  try {
    return article.parse(JSON.parse(text))
  } catch (cause) {
    throw new ConfigError(`lexicon: ${place}: expected an article (${reasonOf(cause)})`, { cause })
  }
}

function numberOf(option: string, value: string, most: number): number {
  const number = Number(value)
  if (value.trim() !== '' && number >= 0 && number <= most) return number
  throw new ConfigError(`lexicon: expected ${option} from 0 to ${most}, found "${value}"`)
}
