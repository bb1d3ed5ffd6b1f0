/** A batch command: NDJSON in, one answer a line in the same order, exit 3 when some lines could not be answered. */
import { z } from 'zod'
import { reasonOf } from '../core/errors.ts'
import { EXIT } from './exit.ts'
import { linesOf, writeLine } from './ndjson.ts'
import { progress } from './progress.ts'

/** Most problems told one by one; the rest are counted. */
const TOLD = 20

/**
 * Answers every line of standard input. A line that is not JSON, does not fit the schema or makes `answer` throw is
 * answered with `{ line, error }`, so that answers and lines stay side by side.
 */
export async function runBatch<In>(
  name: string,
  schema: z.ZodType<In>,
  answer: (input: In) => unknown,
  write: (value: unknown) => Promise<void> = value => writeLine(process.stdout, value),
): Promise<void> {
  const shown = progress(name)
  let line = 0
  let failed = 0
  for await (const text of linesOf(process.stdin)) {
    line += 1
    if (text.trim() === '') continue
    try {
      await write(await answer(read(schema, text)))
    } catch (thrown) {
      failed += 1
      const error = reasonOf(thrown)
      await write({ line, error })
      if (failed <= TOLD) process.stderr.write(`opomena: ${name}: line ${String(line)}: ${error}\n`)
    }
    shown.update(line)
  }
  shown.end()
  if (failed > TOLD)
    process.stderr.write(`opomena: ${name}: and ${String(failed - TOLD)} more lines with errors\n`)
  if (failed > 0) process.exitCode = failed === line ? EXIT.failure : EXIT.partial
}

function read<In>(schema: z.ZodType<In>, text: string): In {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`expected one JSON object, came ${JSON.stringify(text.slice(0, 40))}`, { cause })
  }
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  throw new Error(z.prettifyError(checked.error).replaceAll('\n', ' '))
}
