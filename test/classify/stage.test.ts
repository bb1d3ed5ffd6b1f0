/** The stage reads articles and writes findings that fit their topic. */
import { expect, test } from 'vitest'
import { classifyStage } from '../../classify/stage.ts'
import type { Article } from '../../core/article.ts'
import { decode, findings } from '../../core/topics.ts'
import type { Finding } from '../../core/finding.ts'
import { bundledClassifier } from './bundled.ts'

const NOW = '2026-07-11T10:00:00.000Z'
const clock = { now: () => new Date(NOW), sleep: async () => undefined }
const stage = classifyStage(bundledClassifier(), clock)

const article = (text: string): Article => ({
  v: 1,
  id: 'a1',
  sourceId: 'invented',
  outlet: { name: 'Izmišljeni list', country: 'BA' },
  url: 'https://izmisljeni.example/a1',
  at: NOW,
  day: '2026-07-11',
  title: 'Vijest',
  firstSeenAt: NOW,
  fetchedAt: NOW,
  revision: 0,
  textHash: 'h',
  evidence: { rawHash: '0'.repeat(64), bytes: 10 },
  declaredLanguage: 'bs',
  lead: 'Uvod.',
  text,
})

async function finding(text: string): Promise<Finding> {
  const context = { signal: new AbortController().signal, keepAlive: async () => undefined }
  const [handled] = await stage.handle([article(text)], context)
  if (!handled || handled instanceof Error) throw new Error('expected messages', { cause: handled })
  return decode(findings, handled[0]!.json)
}

test('a flagged article keeps its words, so that a reviewer can read them', async () => {
  const text = 'U Srebrenici nije bilo genocida.'
  expect(await finding(text)).toMatchObject({
    flagged: true,
    text,
    lead: 'Uvod.',
    madeAt: NOW,
    language: 'bs',
  })
})

test('an unflagged one travels without its words, as a denominator', async () => {
  const { text, lead, flags, flagged, article: head } = await finding('Danas je sunčano u Sarajevu.')
  expect({ text, lead, flags, flagged }).toEqual({
    text: undefined,
    lead: undefined,
    flags: [],
    flagged: false,
  })
  expect(head).not.toHaveProperty('text')
})

test('the same article gives the same finding', async () => {
  expect(await finding('Tzv. genocid u Srebrenici')).toEqual(await finding('Tzv. genocid u Srebrenici'))
})
