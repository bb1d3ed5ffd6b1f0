/** `opomena classify`: texts in, flags with their reasons out. */
import type { Command } from 'commander'
import { styleText } from 'node:util'
import { z } from 'zod'
import { LANGUAGES } from '../core/labels.ts'
import type { Flag } from '../core/finding.ts'
import { runBatch } from './batch.ts'
import { openConfig, openLogger } from './parts.ts'

const input = z.object({
  id: z.string(),
  title: z.string().optional(),
  lead: z.string().optional(),
  text: z.string(),
  lang: z.enum(LANGUAGES).optional(),
  source: z.string().optional(),
  section: z.string().optional(),
  author: z.string().optional(),
})

export function register(program: Command): void {
  program
    .command('classify')
    .description('flag passages of texts, with the reason of each flag')
    .option('--pretty', 'print for people instead of JSON; shows the quotes')
    .option('--no-model', 'by the rules alone')
    .option('--weights <folder>', 'another model than the one in force')
    .addHelpText(
      'after',
      `
Reads one object a line, {id, title?, lead?, text, lang?, source?, section?, author?}, and prints
{id, language, script, flagged, score, flags: [...], madeBy} for each.

Example:
  echo '{"id":"1","text":"Obilježena godišnjica genocida u Srebrenici."}' | opomena classify`,
    )
    .action(classifyAll)
}

interface Options {
  readonly pretty?: boolean
  readonly model: boolean
  readonly weights?: string
}

async function classifyAll({ pretty, model, weights }: Options): Promise<void> {
  const { openDetector } = await import('./detector.ts')
  const config = openConfig()
  const logger = openLogger(config, 'classify')
  const chosen = model ? weights : 'none'
  const classifier = await openDetector({ config, logger, ...(chosen !== undefined && { weights: chosen }) })
  const sources = new Map(config.sources.map(source => [source.id, source]))
  const answer = async ({ lang, source, ...article }: z.infer<typeof input>): Promise<unknown> => {
    const outlet = source === undefined ? undefined : sources.get(source)
    const declared = lang ?? outlet?.languages[0]
    const [classified] = await classifier.classifyAll([
      {
        ...article,
        ...(declared && { declaredLanguage: declared }),
        ...(outlet && { outletKind: outlet.kind }),
      },
    ])
    const { language, script, flagged, flags, madeBy } = classified!
    const score = Math.max(0, ...flags.map(flag => flag.confidence))
    return { id: article.id, language, script, flagged, score, flags, madeBy }
  }
  try {
    await runBatch('classify', input, answer, pretty ? writePretty : undefined)
  } finally {
    await classifier.close()
  }
}

async function writePretty(value: unknown): Promise<void> {
  const { id, language, flags, error } = value as {
    id: string
    language: string
    flags?: Flag[]
    error?: string
  }
  if (!flags) return void process.stdout.write(`${styleText('red', error ?? 'no answer')}\n`)
  const head = flags.length === 0 ? 'nothing flagged' : `${String(flags.length)} flagged`
  process.stdout.write(`${styleText('bold', id)}  ${language}  ${head}\n`)
  for (const flag of flags) {
    process.stdout.write(
      `  ${flag.category}/${flag.subtype}  severity ${String(flag.severity)}, confidence ${flag.confidence.toFixed(2)}, ${flag.voice} ${flag.stance}\n` +
        `    ${styleText('yellow', flag.quote)}  (${flag.field} ${String(flag.start)}-${String(flag.end)})\n    ${flag.why}\n`,
    )
  }
}
