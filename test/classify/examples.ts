/** Reads the examples beside each lexicon. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const schema = z.strictObject({
  flag: z.array(z.strictObject({ text: z.string(), label: z.string() })),
  clean: z.array(z.string()),
})

export function examplesOf(code: string): z.infer<typeof schema> {
  const file = join(import.meta.dirname, '..', '..', 'classify', 'languages', code, 'examples.yml')
  return schema.parse(parse(readFileSync(file, 'utf8')))
}
