/** What crosses a topic is checked on both sides: shape, size, version. */
import { describe, expect, test } from 'vitest'
import type { Article } from '../../core/article.ts'
import { NewerVersion, Quarantine } from '../../core/errors.ts'
import type { Finding } from '../../core/finding.ts'
import type { Observation } from '../../core/observation.ts'
import type { Subscription } from '../../core/subscription.ts'
import {
  MAX_RECORD_BYTES,
  TOPICS,
  articles,
  decode,
  decisions,
  encode,
  findings,
  observations,
  subscriptions,
} from '../../core/topics.ts'
import type { Decision } from '../../core/decision.ts'
import type { Topic } from '../../core/topics.ts'
import { articleHead } from '../documents.ts'

const article: Article = { v: 1, ...articleHead(), text: 'Neki tekst.' }
const finding: Finding = {
  v: 1,
  article: articleHead(),
  language: 'bs',
  languageConfidence: 1,
  script: 'Latn',
  flagged: false,
  flags: [],
  madeBy: { pipeline: '1', lexicon: 'l' },
  madeAt: '2026-07-11T08:00:00.000Z',
}
const decision: Decision = {
  v: 1,
  kind: 'delete',
  id: 'd',
  articleId: article.id,
  by: 'ana',
  at: '2026-07-11T08:00:00.000Z',
  reason: 'asked by the family',
}
const observation: Observation = {
  v: 1,
  id: 'o',
  sourceId: 's',
  at: '2026-07-11T08:00:00.000Z',
  of: 'https://x.example/feed',
  kind: 'feed',
  outcome: 'fresh',
  seen: 0,
  fates: { published: 0, revised: 0, unchanged: 0, duplicate: 0, refused: 0, failed: 0 },
  items: [],
  warnings: [],
}
const subscription: Subscription = {
  v: 1,
  id: 'sub',
  owner: 'ana',
  name: 'Sve',
  query: '',
  channel: 'atom',
  cadence: 'daily',
  at: '07:30',
  timeZone: 'Europe/Sarajevo',
  threshold: 'confirmed',
  minSeverity: 1,
  language: 'en',
  excerpt: 'masked',
  tokenHash: 'h',
  status: 'active',
  createdAt: '2026-07-11T08:00:00.000Z',
  updatedAt: '2026-07-11T08:00:00.000Z',
}

const samples: readonly (readonly [Topic<unknown>, unknown])[] = [
  [articles, article],
  [findings, finding],
  [decisions, decision],
  [observations, observation],
  [subscriptions, subscription],
]

describe('a message of each topic', () => {
  for (const [topic, sample] of samples) {
    test(`${topic.name} is read as it was written, under a key and an id of its own`, () => {
      const { key, id, json } = encode(topic, sample)
      expect(decode(topic, json)).toEqual(sample)
      expect(key).not.toBe('')
      expect(encode(topic, JSON.parse(JSON.stringify(sample)))).toEqual({ key, id, json })
    })
    test(`${topic.name} with a field that nobody knows is refused on both sides`, () => {
      const wrong = { ...(sample as object), surprise: 1 }
      expect(() => encode(topic, wrong)).toThrow(Quarantine)
      expect(() => decode(topic, JSON.stringify(wrong))).toThrow(/surprise/)
    })
    test(`${topic.name} of a newer version stops the reader`, () => {
      const newer = { ...(sample as object), v: 2, surprise: 1 }
      expect(() => decode(topic, JSON.stringify(newer))).toThrow(NewerVersion)
      expect(() => decode(topic, JSON.stringify(newer))).toThrow(/version 2.*reads up to 1.*upgrade/)
    })
  }
  test('every topic was tried', () =>
    expect(samples.map(([topic]) => topic.name).sort()).toEqual(TOPICS.map(topic => topic.name).sort()))
})

describe('a record is set aside with its reason when it', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['is not JSON', '{"v":1', /not JSON/],
    ['is null', 'null', /articles/],
    ['has no version', '{}', /v/],
    ['lacks its text', JSON.stringify({ ...article, text: undefined }), /text/],
    ['has a text longer than travels', JSON.stringify({ ...article, text: 'x'.repeat(200_001) }), /text/],
    ['names a day that is none', JSON.stringify({ ...article, day: '2026-02-30' }), /day/],
  ]
  for (const [name, json, reason] of cases) {
    test(name, () => {
      expect(() => decode(articles, json)).toThrow(Quarantine)
      expect(() => decode(articles, json)).toThrow(reason)
    })
  }
})

describe('the size of a record', () => {
  const withLead = (length: number, letter: string): Article => ({
    ...article,
    text: '',
    lead: letter.repeat(length),
    title: '',
  })
  test('is that of its JSON in bytes, not in characters', () => {
    expect(() => encode(articles, withLead(200_000, 'š'))).not.toThrow()
    // 200,000 characters that take six bytes each when escaped.
    expect(() => encode(articles, withLead(200_000, '\u0001'))).toThrow(Quarantine)
    expect(() => encode(articles, withLead(200_000, '\u0001'))).toThrow(/1200\d+ bytes; at most 1000000/)
  })
  test(`may be ${MAX_RECORD_BYTES} bytes and no more`, () => {
    const rest = Buffer.byteLength(encode(decisions, { ...decision, reason: 'x' }).json) - 1
    const largest = { ...decision, reason: 'x'.repeat(MAX_RECORD_BYTES - rest) }
    expect(Buffer.byteLength(encode(decisions, largest).json)).toBe(MAX_RECORD_BYTES)
    expect(() => encode(decisions, { ...largest, reason: `${largest.reason}x` })).toThrow(Quarantine)
  })
})

test('a finding is another message when its revision, pipeline, lexicon or model is another', () => {
  const { madeBy } = finding
  const others: Finding[] = [
    { ...finding, article: articleHead({ revision: 1 }) },
    { ...finding, madeBy: { ...madeBy, pipeline: '2' } },
    { ...finding, madeBy: { ...madeBy, lexicon: 'm' } },
    { ...finding, madeBy: { ...madeBy, model: 'n' } },
  ]
  expect(new Set([finding, ...others].map(one => findings.id(one))).size).toBe(5)
  expect(findings.id({ ...finding, madeAt: '2027-01-01T00:00:00.000Z' })).toBe(findings.id(finding))
})
