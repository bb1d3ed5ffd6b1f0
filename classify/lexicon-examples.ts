/** The examples beside each lexicon: sentences that must be flagged, and look-alikes that must not. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { ConfigError } from '../core/errors.ts'
import type { Classifier } from './classifier.ts'
import { BUNDLED } from './lexicon.ts'
import type { PackCode } from './pack.ts'

export interface Example {
  readonly code: PackCode
  readonly text: string
  /** `category/subtype` that it must get; undefined where it must get no flag. */
  readonly label: string | undefined
  /** File and line, for messages. */
  readonly place: string
}

const schema = z.strictObject({
  flag: z.array(z.strictObject({ text: z.string().min(1), label: z.string().includes('/') })).default([]),
  clean: z.array(z.string().min(1)).default([]),
})

/** @throws ConfigError that names file, line and what was expected. */
export function examplesOf(code: PackCode, directory: string = BUNDLED): Example[] {
  const file = join(directory, code, 'examples.yml')
  if (!existsSync(file)) return []
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines })
  const broken = document.errors[0]
  if (broken)
    throw new ConfigError(`${file}:${lines.linePos(broken.pos[0]).line}: not YAML: ${broken.message}`)
  const placeOf = (path: readonly PropertyKey[]): string => {
    const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined
    return `${file}:${lines.linePos(node?.range?.[0] ?? 0).line}`
  }
  const checked = schema.safeParse(document.toJS() ?? {})
  if (!checked.success) {
    const issues = checked.error.issues.map(issue => `${placeOf(issue.path.slice(0, 2))}: ${issue.message}`)
    throw new ConfigError(issues.join('\n'))
  }
  const { flag, clean } = checked.data
  return [
    ...flag.map((one, at) => ({ code, ...one, place: placeOf(['flag', at]) })),
    ...clean.map((text, at) => ({ code, text, label: undefined, place: placeOf(['clean', at]) })),
  ]
}

/** What is wrong with the answer to an example; undefined where it is right. */
export function failureOf(classifier: Classifier, { code, text, label, place }: Example): string | undefined {
  const { flags } = classifier.classify({ id: 'example', text, declaredLanguage: code })
  const labels = flags.map(flag => `${flag.category}/${flag.subtype} by ${flag.rule}`)
  if (label === undefined) {
    return labels.length === 0 ? undefined : `${place}: expected no flag, came ${labels.join(', ')}`
  }
  if (labels.some(one => one.startsWith(`${label} by `))) return undefined
  return `${place}: expected ${label}, came ${labels.length === 0 ? 'no flag' : labels.join(', ')}`
}
