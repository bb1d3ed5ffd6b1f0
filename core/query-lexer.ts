/** Cuts the text of a query into words, phrases, fields, brackets and operators. */
import type { Comparison } from './query.ts'

/** What a person wrote is no query. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  /** UTF-16 offset in the text of the query. */
  readonly position: number
  readonly expected: string
  readonly got: string

  constructor(position: number, expected: string, got: string) {
    super(`at character ${position + 1} of the query: expected ${expected}; got ${got}`)
    this.position = position
    this.expected = expected
    this.got = got
  }
}

interface FieldItem {
  readonly text: string
  readonly at: number
  readonly comparison: Comparison
  readonly quoted: boolean
}

export type Lexeme = { readonly at: number; readonly text: string } & (
  | { readonly kind: 'and' | 'or' | 'not' | 'open' | 'close' | 'word' | 'phrase' | 'end' }
  | { readonly kind: 'field'; readonly field: string; readonly items: readonly FieldItem[] }
)

// Sticky expressions without nested repetition: each character is looked at a bounded number of times.
const SPACE = /\s+/y
/** The region's quotation marks are typed into search boxes too. */
const QUOTED = /["“”„]([^"“”„]*)["“”„]/y
const FIELD = /([A-Za-z]+):/y
const COMPARISON = />=|<=|>|<|=/y
const BARE_VALUE = /[^\s(),"“”„]+/y
const BARE_WORD = /[^\s()"“”„]+/y
const OPERATORS = new Map([
  ['AND', 'and'],
  ['OR', 'or'],
  ['NOT', 'not'],
] as const)

/** The lexemes of a query, the last of them `end`. @throws QueryError */
export function lex(text: string): Lexeme[] {
  const lexemes: Lexeme[] = []
  let at = 0
  while ((at = after(SPACE, text, at)) < text.length) {
    const lexeme = lexAt(text, at)
    lexemes.push(lexeme)
    at += lexeme.text.length
  }
  lexemes.push({ kind: 'end', at, text: '' })
  return lexemes
}

function lexAt(text: string, at: number): Lexeme {
  const char = text.charAt(at)
  if (char === '(') return { kind: 'open', at, text: char }
  if (char === ')') return { kind: 'close', at, text: char }
  if (/["“”„]/.test(char)) return { kind: 'phrase', at, text: quoted(text, at).whole }
  if (char === '-' && /[^\s-]/.test(text.charAt(at + 1))) return { kind: 'not', at, text: char }
  const field = matchAt(FIELD, text, at)
  if (field) return lexField(text, at, field)
  const word = matchAt(BARE_WORD, text, at)![0]
  return { kind: OPERATORS.get(word as 'AND') ?? 'word', at, text: word }
}

function lexField(text: string, start: number, name: RegExpExecArray): Lexeme {
  const items: FieldItem[] = []
  let at = start + name[0].length
  for (;;) {
    const comparison = (matchAt(COMPARISON, text, at)?.[0] ?? '=') as Comparison
    const valueAt = after(COMPARISON, text, at)
    const isQuoted = /["“”„]/.test(text.charAt(valueAt))
    const bare = isQuoted ? undefined : matchAt(BARE_VALUE, text, valueAt)?.[0]
    const value = isQuoted ? quoted(text, valueAt) : { whole: bare ?? '', inner: bare ?? '' }
    if (value.whole === '')
      throw new QueryError(valueAt, `a value after ${name[0]}`, nextThing(text, valueAt))
    items.push({ text: value.inner, at: valueAt, comparison, quoted: isQuoted })
    at = valueAt + value.whole.length
    if (text.charAt(at) !== ',') break
    at++
  }
  return { kind: 'field', at: start, text: text.slice(start, at), field: name[1]!.toLowerCase(), items }
}

function quoted(text: string, at: number): { readonly whole: string; readonly inner: string } {
  const match = matchAt(QUOTED, text, at)
  if (!match) throw new QueryError(at, 'a closing quotation mark', 'the end')
  return { whole: match[0], inner: match[1]! }
}

function nextThing(text: string, at: number): string {
  return at < text.length ? `"${text.charAt(at)}"` : 'the end'
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | undefined {
  sticky.lastIndex = at
  return sticky.exec(text) ?? undefined
}

function after(sticky: RegExp, text: string, at: number): number {
  return at + (matchAt(sticky, text, at)?.[0].length ?? 0)
}
