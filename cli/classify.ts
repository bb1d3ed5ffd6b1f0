/** `opomena classify`: texts in, flags with their reasons out. */
import type { Command } from 'commander'
import { styleText } from 'node:util'
import { z } from 'zod'
import { LANGUAGES } from '../core/labels.ts'
import type { Flag } from '../core/finding.ts'
import { runBatch } from './batch.ts'
import { openConfig, openClassifier } from './parts.ts'

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
    .addHelpText(
      'after',
      `
Reads one object a line, {id, title?, lead?, text, lang?, source?, section?, author?}, and prints
{id, language, script, flagged, score, flags: [...], madeBy} for each.

Example:
  echo '{"id":"1","text":"Obilježena godišnjica genocida u Srebrenici."}' | opomena classify`,
    )
    .action(async (options: { pretty?: boolean }) => {
      const config = openConfig()
      const classifier = await openClassifier(config)
      const sources = new Map(config.sources.map(source => [source.id, source]))
      await runBatch(
        'classify',
        input,
        ({ lang, source, ...article }) => {
          const outlet = source === undefined ? undefined : sources.get(source)
          const declared = lang ?? outlet?.languages[0]
          const { language, script, flagged, flags, madeBy } = classifier.classify({
            ...article,
            ...(declared && { declaredLanguage: declared }),
            ...(outlet && { outletKind: outlet.kind }),
          })
          const score = Math.max(0, ...flags.map(flag => flag.confidence))
          return { id: article.id, language, script, flagged, score, flags, madeBy }
        },
        options.pretty ? writePretty : undefined,
      )
    })
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
