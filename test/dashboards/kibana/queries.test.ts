/** docs/queries.md says true things about the index: every field it names is there, in both forms of every query. */
import { describe, expect, test } from 'vitest'
import { fold } from '../../../core/text.ts'
import { fieldsOf, PARTS } from '../../../index/elasticsearch-mapping.ts'
import type { Field, Fields, Part } from '../../../index/elasticsearch-mapping.ts'
import { indicesOf, PAGE, queriesIn } from './queries-doc.ts'

const queries = queriesIn(PAGE)

test('the page has at least fifteen questions, each with a name of its own', () => {
  expect(queries.length).toBeGreaterThanOrEqual(15)
  expect(new Set(queries.map(({ title }) => title)).size).toBe(queries.length)
})

function fieldAt(fields: Fields, path: string): Field | undefined {
  const [head = '', ...rest] = path.split('.')
  const field = fields[head]
  return rest.length === 0 || !field ? field : fieldAt(field.properties ?? {}, rest.join('.'))
}

/** Fields of a name that none of the indices has. */
function unknown(indices: readonly string[], names: Iterable<string>): string[] {
  const parts = indices.filter((one): one is Part => (PARTS as readonly string[]).includes(one))
  expect(parts).toHaveLength(indices.length)
  return [...new Set(names)].filter(name => !parts.some(part => fieldAt(fieldsOf(part), name)))
}

/** Leaves of Query DSL that are fields: values of `field`, keys of the clauses that take one, lists of fields. */
const TAKES_FIELD = new Set(['term', 'range', 'match', 'match_phrase'])
function fieldsInDsl(value: unknown, under = ''): string[] {
  if (Array.isArray(value)) {
    const list = value as unknown[]
    if (under === '_source' || under === 'fields') return list as string[]
    if (under === 'sort') return list.flatMap(one => Object.keys(one as object))
    return list.flatMap(one => fieldsInDsl(one, under))
  }
  if (typeof value !== 'object' || value === null) return under === 'field' ? [String(value)] : []
  if (TAKES_FIELD.has(under)) return Object.keys(value)
  return Object.entries(value).flatMap(([key, inner]) => fieldsInDsl(inner, key))
}

const ESQL_WORDS = new Set(
  `from where stats eval sort keep limit by and or not is null asc desc on change_point count count_distinct median
  round true false now days hours day week date_trunc date_extract date_diff qstr`.split(/\s+/u),
)

/** Names in an ES|QL query that are neither words of the language, strings, nor columns it makes itself. */
function fieldsInEsql(esql: string): string[] {
  const within = [...esql.matchAll(/QSTR\("((?:[^"\\]|\\.)*)"\)/gu)].flatMap(match =>
    [...match[1]!.matchAll(/([a-z.]+):/gu)].map(one => one[1]!),
  )
  const bare = esql.replace(/^FROM .*$/mu, '').replace(/"(?:[^"\\]|\\.)*"/gu, '')
  const made = new Set([...bare.matchAll(/\b([a-z_0-9]+) = (?!=)/gu)].map(match => match[1]!))
  const names = [...bare.matchAll(/\b[a-zA-Z_][\w.]*\b/gu)].map(([name]) => name)
  return [...within, ...names.filter(name => !made.has(name) && !ESQL_WORDS.has(name.toLowerCase()))]
}

describe('every field that is named is in the index:', () => {
  for (const { title, path, body, esql } of queries) {
    test(title, () => {
      const asked = fieldsInDsl(body)
      expect(asked.length).toBeGreaterThan(0)
      expect(unknown(indicesOf(path), asked)).toEqual([])
      expect(unknown(indicesOf(esql.split('\n')[0]!), fieldsInEsql(esql))).toEqual([])
    })
  }
})

test('what counts is asked for by live or visible, except of sources', () => {
  const free = queries.filter(({ path, body, esql }) => {
    const isFree = (text: string): boolean => !/\b(live|visible)\b/u.test(text)
    return !path.startsWith('opomena-sources') && (isFree(JSON.stringify(body)) || isFree(esql))
  })
  expect(free.map(({ title }) => title)).toEqual([])
})

test('words are folded before they are asked for, as the page says', () => {
  expect(fold('Ђурђевак')).toBe('djurdjevak')
  for (const [, words] of PAGE.matchAll(/"query": "([^"]+)", "type": "phrase"/gu))
    expect(fold(words!)).toBe(words)
})

test('no query brings a quote, a sentence, a headline or a name', () => {
  const shown = queries.flatMap(({ body }) => ('size' in body && body['size'] === 0 ? [] : [body['_source']]))
  expect(shown.length).toBeGreaterThan(2)
  for (const fields of shown) {
    expect(fields).toEqual(expect.any(Array))
    for (const field of [
      'quote',
      'sentence',
      'headline',
      'speaker',
      'author',
      'document',
      'head',
      'record',
    ]) {
      expect(fields).not.toContain(field)
    }
  }
})

test('the checks find a field that is not there', () => {
  expect(unknown(['flags'], fieldsInDsl({ aggs: { x: { terms: { field: 'targets' } } } }))).toEqual([
    'targets',
  ])
  expect(unknown(['flags'], fieldsInDsl({ query: { term: { alive: true } } }))).toEqual(['alive'])
  expect(unknown(['flags'], fieldsInEsql('FROM opomena-flags\n| STATS n = COUNT(*) BY topic'))).toEqual([
    'topic',
  ])
  expect(() => queriesIn('### Half a question\n```esql\nFROM x\n```')).toThrow('Half a question')
})
