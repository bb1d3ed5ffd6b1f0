/** Reads a YAML file against a schema; every fault names its line, what was expected, what came and what to do. */
import { readFileSync } from 'node:fs'
import { LineCounter, isMap, isNode, isScalar, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { z } from 'zod'
import { closest } from './closest.ts'
import { shown } from './problems.ts'
import type { Place, Problems } from './problems.ts'

type Path = readonly (string | number)[]

export interface YamlFile<T> {
  /** Undefined when the file has problems. */
  readonly value: T | undefined
  /** The content before it was checked; undefined when the file cannot be read. */
  readonly raw: unknown
  /** Where in the file the value at a path stands. */
  place(...path: Path): Place
}

export function readYaml<T>(file: string, schema: z.ZodType<T>, problems: Problems): YamlFile<T> {
  const lines = new LineCounter()
  const text = readText(file, problems)
  if (text === undefined) return { value: undefined, raw: undefined, place: () => ({ file }) }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const place = (...path: Path): Place => {
    const offset = offsetOf(document, path)
    return offset === undefined ? { file } : { file, line: at(offset).line }
  }
  for (const error of document.errors) {
    problems.add(
      at(error.pos[0]),
      `expected YAML, came something else: ${error.message.split('\n')[0]!}; check indentation, quotes and colons`,
    )
  }
  if (document.errors.length > 0) return { value: undefined, raw: undefined, place }
  // A key with nothing after it is a key that was left out.
  const raw: unknown = document.toJS({ reviver: (_key, value: unknown) => value ?? undefined })
  const checked = schema.safeParse(raw)
  if (checked.success) return { value: checked.data, raw, place }
  for (const issue of checked.error.issues) reportIssue(issue, { schema, raw, document, at, place, problems })
  return { value: undefined, raw, place }
}

function readText(file: string, problems: Problems): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    problems.add(
      { file },
      code === 'ENOENT'
        ? 'expected this file, found none; copy the one shipped in config/, or set OPOMENA_CONFIG_DIR to the folder that has it'
        : `expected a readable file, reading failed with ${String(code)}; check its owner and permissions`,
    )
    return undefined
  }
}

interface IssueContext {
  readonly schema: z.ZodType
  readonly raw: unknown
  readonly document: Document
  readonly at: (offset: number) => Place
  readonly place: (...path: Path) => Place
  readonly problems: Problems
}

function reportIssue(issue: z.core.$ZodIssue, context: IssueContext): void {
  const path = issue.path.filter(part => typeof part !== 'symbol')
  const name = pathName(context.raw, path)
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) reportUnknownKey(key, path, context)
    return
  }
  const value = valueAt(context.raw, path)
  const last = path.at(-1)
  if (value === undefined && last !== undefined) {
    context.problems.add(
      context.place(...path),
      `${pathName(context.raw, path.slice(0, -1))}expected the key "${last}" (${expectation(issue)}), came nothing; add it`,
    )
    return
  }
  const wanted = expectation(issue)
  const near =
    issue.code === 'invalid_value' && typeof value === 'string'
      ? closest(value, issue.values.map(String))
      : undefined
  context.problems.add(
    context.place(...path),
    `${name}${wanted}, came ${shown(value)}; ${near === undefined ? 'correct the value' : `did you mean "${near}"?`}`,
  )
}

function reportUnknownKey(key: string, path: Path, context: IssueContext): void {
  const known = keysAt(context.schema, path)
  const near = closest(key, known)
  const offset = keyOffset(context.document, path, key)
  context.problems.add(
    offset === undefined ? context.place(...path) : { ...context.at(offset), column: undefined },
    `${pathName(context.raw, path)}expected one of the keys ${known.join(', ')}, came the unknown key "${key}"; ` +
      (near === undefined ? 'remove it' : `did you mean "${near}"?`),
  )
}

/** What the schema wanted, beginning with "expected". */
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith('expected')) return issue.message
  if (issue.code === 'invalid_type') return `expected ${TYPES[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value')
    return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small')
    return `expected ${measure(issue.origin)} of at least ${String(issue.minimum)}`
  if (issue.code === 'too_big') return `expected ${measure(issue.origin)} of at most ${String(issue.maximum)}`
  return `expected a value that fits (${issue.message})`
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list (lines that begin with "- ")',
  object: 'keys and values (`key: value`)',
}

function measure(origin: string): string {
  return origin === 'string'
    ? 'a text with a length'
    : origin === 'array'
      ? 'a list with a length'
      : 'a number'
}

/** `klix, feeds, item 1: `: entries of a list go by their id where they have one. */
function pathName(raw: unknown, path: Path): string {
  const parts = path.map((part, index) => {
    if (typeof part === 'string') return part
    const id = (valueAt(raw, path.slice(0, index + 1)) as { id?: unknown } | null | undefined)?.id
    return typeof id === 'string' ? id : `item ${part + 1}`
  })
  return parts.length > 0 ? `${parts.join(', ')}: ` : ''
}

function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string | number, unknown> | null | undefined)?.[key],
    raw,
  )
}

/** Offset of the value at a path, or of its nearest parent that is there. */
function offsetOf(document: Document, path: Path): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return undefined
}

function keyOffset(document: Document, path: Path, key: string): number | undefined {
  const parent = path.length === 0 ? document.contents : document.getIn(path, true)
  if (!isMap(parent)) return undefined
  const pair = parent.items.find(item => isScalar(item.key) && item.key.value === key)
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined
}

/** The keys that the schema knows at a path. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  let here = unwrapped(schema)
  for (const part of path) {
    if (here instanceof z.ZodArray) here = unwrapped(here.element)
    else if (here instanceof z.ZodRecord) here = unwrapped(here.valueType)
    else if (here instanceof z.ZodObject)
      here = unwrapped((here.shape as Record<string, z.core.$ZodType>)[part]!)
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : []
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  let here = schema
  while (here instanceof z.ZodOptional || here instanceof z.ZodDefault || here instanceof z.ZodPrefault)
    here = here.def.innerType
  return here
}
