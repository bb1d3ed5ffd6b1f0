/** `opomena detect-language`: the language and variety of texts. */
import type { Command } from 'commander'
import { z } from 'zod'
import { LANGUAGES } from '../core/labels.ts'
import { runBatch } from './batch.ts'
import { openConfig } from './parts.ts'

const input = z.object({
  id: z.string(),
  text: z.string(),
  lang: z.enum(LANGUAGES).optional(),
  source: z.string().optional(),
})

export function register(program: Command): void {
  program
    .command('detect-language')
    .description(
      'tell language and script of texts; `hbs` where the variety is undecided, `und` where it is none of ours',
    )
    .addHelpText(
      'after',
      `
Reads one object a line, {id, text, source?}, and prints {id, language, script, confidence, candidates} for each.

Example:
  echo '{"id":"1","text":"Владата ја усвои одлуката."}' | opomena detect-language`,
    )
    .action(async () => {
      const { detectLanguage } = await import('../classify/detect-language.ts')
      const sources = new Map(openConfig().sources.map(source => [source.id, source]))
      await runBatch('detect-language', input, ({ id, text, lang, source }) => {
        const declared = lang ?? (source === undefined ? undefined : sources.get(source)?.languages[0])
        return { id, ...detectLanguage(text, declared ? { declared } : {}) }
      })
    })
}
