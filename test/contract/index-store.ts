/** Contract of the IndexWriter and IndexReader ports: what every index store promises, whatever it is made of. */
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Article } from '../../core/article.ts'
import type { Decision } from '../../core/decision.ts'
import { BadCursor, Quarantine } from '../../core/errors.ts'
import type { Finding, Flag } from '../../core/finding.ts'
import { hashId } from '../../core/hash.ts'
import type { Observation } from '../../core/observation.ts'
import { ARTICLE_FACETS, FLAG_FACETS } from '../../core/ports.ts'
import type { IndexEntry, IndexReader, IndexWriter, Page, PageRequest, Search } from '../../core/ports.ts'
import { dayOf } from '../../core/time.ts'
import { Chance, FIRST_DAY, LAST_DAY, corpus, headOf } from './index-corpus.ts'
import { GOLDEN, ODD, all, and, field, not, or, phrase, prefix, word } from './index-queries.ts'
import { referenceIndex } from './index-reference.ts'
import type { Reference } from './index-reference.ts'

/** One empty index; every `writer` and `reader` is another client of it, as another process would be. */
export interface IndexPlace {
  writer(): Promise<IndexWriter>
  reader(): Promise<IndexReader>
  /** Resolves when readers see what was put: at once, or after a refresh. */
  settle(): Promise<void>
  destroy(): Promise<void>
}

export interface IndexAdapter {
  readonly name: string
  /** Random histories tried in the property tests. */
  readonly rounds: number
  /** Longest time for all of them, in milliseconds; that of every test unless said. */
  readonly roundsMs?: number
  create(): Promise<IndexPlace>
}

const FACETS = [...ARTICLE_FACETS, ...FLAG_FACETS]
const PAGE = 37

export function indexStoreContract(adapter: IndexAdapter): void {
  describe(`index store on ${adapter.name}: the golden set`, () => {
    let place: IndexPlace
    let reader: IndexReader
    let reference: Reference

    beforeAll(async () => {
      place = await adapter.create()
      const entries = corpus({ seed: 7, articles: 320, recaptures: true })
      const writer = await place.writer()
      // Not in the order in which things happened: that must not matter.
      const shuffled = new Chance(11).shuffled(entries)
      for (let from = 0; from < shuffled.length; from += 90) {
        const answers = await writer.put(shuffled.slice(from, from + 90))
        expect(answers.filter(answer => answer !== undefined)).toEqual([])
      }
      await writer.close()
      await place.settle()
      reader = await place.reader()
      reference = referenceIndex(entries)
    })
    afterAll(async () => {
      await reader.close()
      await place.destroy()
    })

    test('the corpus asks something: most questions have answers, and not all the same', () => {
      const counts = Object.values(GOLDEN).map(search => reference.count(search))
      expect(Object.keys(GOLDEN).length).toBeGreaterThanOrEqual(60)
      expect(counts.filter(({ flags }) => flags > 0).length).toBeGreaterThan(
        Object.keys(GOLDEN).length * 0.85,
      )
      expect(new Set(counts.map(({ flags }) => flags)).size).toBeGreaterThan(25)
    })

    for (const [name, search] of Object.entries(GOLDEN)) {
      test(`${name}: flags, articles and counts`, async () => {
        const flags = await everyPage(page => reader.searchFlags(search, page), 'newest')
        const articles = await everyPage(page => reader.searchArticles(search, page), 'newest')
        expect(flags.map(flag => flag.id)).toEqual(reference.flagIds(search))
        expect(articles.map(article => article.id)).toEqual(reference.articleIds(search))
        expect(await reader.count(search)).toEqual(reference.count(search))
      })

      test(`${name}: facets and timelines`, async () => {
        const facets = await reader.facets(search, FACETS, 6)
        for (const facet of FACETS) {
          expect(facets[facet], facet).toEqual(reference.facet(search, facet, 6))
        }
        const within = { query: search.query, from: search.from ?? FIRST_DAY, to: search.to ?? LAST_DAY }
        for (const [interval, splitBy] of [
          ['day'],
          ['week', 'category'],
          ['month', 'language'],
          ['week', 'target'],
          ['month', 'section'],
        ] as const) {
          const timeline = await reader.timeline(within, { interval, size: 4, ...(splitBy && { splitBy }) })
          expect(timeline, `${interval} by ${String(splitBy)}`).toEqual(
            reference.timeline(within, interval, splitBy, 4),
          )
        }
      })
    }

    test('the oldest first is the newest first backwards', async () => {
      for (const search of [GOLDEN['everything']!, GOLDEN['a word in Latin script']!, GOLDEN['a country']!]) {
        const flags = await everyPage(page => reader.searchFlags(search, page), 'oldest')
        const articles = await everyPage(page => reader.searchArticles(search, page), 'oldest')
        expect(flags.map(flag => flag.id)).toEqual(reference.flagIds(search).reverse())
        expect(articles.map(article => article.id)).toEqual(reference.articleIds(search).reverse())
      }
    })

    test('every document is what its entries add up to', async () => {
      for (const id of reference.ids) {
        const expected = reference.article(id)!
        const document = await reader.article(id)
        if (expected.deleted) {
          expect(document).toMatchObject({
            deleted: true,
            article: { id, sourceId: expected.article.sourceId },
          })
          continue
        }
        expect(document).toEqual(expected)
        for (const flag of expected.flags) expect(await reader.flag(flag.id)).toEqual(flag)
      }
    })

    test('what users type does no harm', async () => {
      for (const query of ODD) {
        const search = { query }
        await reader.searchFlags(search, { limit: 5 })
        await reader.searchArticles(search, { limit: 5 })
        await reader.facets(search, ['language', 'category'], 3)
        expect(await reader.count(search), JSON.stringify(query)).toEqual(reference.count(search))
      }
    })

    test('the first and the last day are those of the articles', async () => {
      const days = reference.articleIds({ query: all }).map(id => reference.article(id)!.article.day)
      expect(await reader.span()).toEqual({ from: days.sort()[0], to: days.sort().at(-1) })
    })
  })

  describe(`index store on ${adapter.name}`, () => {
    let place: IndexPlace
    let writer: IndexWriter
    let reader: IndexReader

    beforeEach(async () => {
      place = await adapter.create()
      writer = await place.writer()
      reader = await place.reader()
    })
    afterEach(async () => {
      await writer.close()
      await reader.close()
      await place.destroy()
    })

    async function put(...entries: readonly IndexEntry[]): Promise<void> {
      expect(await writer.put(entries)).toEqual(entries.map(() => undefined))
      await place.settle()
    }
    const count = (query = all) => reader.count({ query })
    const flagIds = async (query = all): Promise<string[]> =>
      (await reader.searchFlags({ query }, { limit: 100 })).items.map(flag => flag.id)

    test('an empty index answers everything', async () => {
      const search = { query: all, from: '2026-01-01', to: '2026-01-03' }
      expect(await count()).toEqual({ flags: 0, articles: 0 })
      expect(await reader.searchFlags(search, { limit: 10 })).toEqual({ items: [] })
      expect(await reader.searchArticles(search, { limit: 10 })).toEqual({ items: [] })
      expect(await reader.facets(search, ['language', 'category'], 5)).toEqual({ language: [], category: [] })
      expect(await reader.timeline(search, { interval: 'day' })).toEqual([
        {
          points: ['2026-01-01', '2026-01-02', '2026-01-03'].map(start => ({ start, flags: 0, articles: 0 })),
        },
      ])
      expect(await reader.timeline(search, { interval: 'day', splitBy: 'category' })).toEqual([])
      expect(await reader.sources('2026-01-01')).toEqual([])
      expect(await reader.span()).toBeUndefined()
      expect(await reader.article('nothing')).toBeUndefined()
      expect(await reader.flag('nothing')).toBeUndefined()
    })

    test('a word is found in every script, with and without diacritics, in every form', async () => {
      const texts = [
        'Presuda za genocid.',
        'Пресуда за геноцид.',
        'Osuda Genocida',
        'GENOCIDOM je nazvan.',
        'Сећање на жртве геноцида',
      ]
      for (const [i, text] of texts.entries()) await put(entryOf(article(`a${i}`, { text })))
      await put(entryOf(article('other', { text: 'Nešto sasvim drugo.' })))
      for (const written of ['genocid', 'геноцид', 'Genocida', 'GENOCIDU', 'геноцидом']) {
        expect(await count(word(written)), written).toEqual({ flags: 0, articles: texts.length })
      }
    })

    test('a phrase stays within title, lead or text', async () => {
      await put(entryOf(article('a', { title: 'crveni most', lead: 'stara kula', text: 'novi trg' })))
      const found = async (query: ReturnType<typeof phrase>) => (await count(query)).articles
      expect(await found(phrase('stara kula'))).toBe(1)
      expect(await found(phrase('most stara'))).toBe(0)
      expect(await found(phrase('kula novi'))).toBe(0)
      expect(await found(field('title', 'crveni most'))).toBe(1)
      expect(await found(field('title', 'stara kula'))).toBe(0)
      expect(await found(and(phrase('crveni most'), prefix('trg')))).toBe(1)
    })

    test('a reader sees what is put while it is open', async () => {
      for (let i = 1; i <= 3; i++) {
        await put(entryOf(article(`a${i}`, { text: 'isto vijeće' })))
        expect(await count(word('vijeće'))).toEqual({ flags: 0, articles: i })
        expect(await count(phrase('isto vijeće'))).toEqual({ flags: 0, articles: i })
      }
    })

    test('an article counts before the classifier has read it, and has no language yet', async () => {
      await put(entryOf(article('a')))
      expect(await count()).toEqual({ flags: 0, articles: 1 })
      expect(await count(field('language', 'bs'))).toEqual({ flags: 0, articles: 0 })
      expect(await count(not(field('language', 'bs')))).toEqual({ flags: 0, articles: 1 })
      expect(await reader.article('a')).toMatchObject({ flagged: false, flags: [] })
    })

    test('a flagged finding alone makes the article searchable', async () => {
      const one = article('a', { text: 'tekst koji je istekao' })
      await put(entryOf(finding(one, [flag('f1')])))
      expect(await flagIds(word('istekao'))).toEqual(['f1'])
      expect(await reader.article('a')).toMatchObject({ text: 'tekst koji je istekao', flagged: true })
    })

    test('an older revision that comes late changes nothing', async () => {
      const first = article('a', { title: 'prvi naslov', text: 'prva riječ' })
      const second = {
        ...first,
        title: 'drugi naslov',
        text: 'druga riječ',
        revision: 1,
        fetchedAt: '2026-05-02T09:00:00.000Z',
      }
      await put(entryOf(second), entryOf(finding(second, [flag('f2')])))
      const before = await reader.article('a')
      await put(entryOf(first), entryOf(finding(first, [])))
      expect(await reader.article('a')).toEqual(before)
      expect((await count(word('prva'))).articles).toBe(0)
      expect((await count(word('druga'))).articles).toBe(1)
    })

    test('a flag that the newest finding lacks is retired: still there, not found, not counted', async () => {
      const one = article('a')
      const reread = finding(one, [flag('f2')], { madeAt: '2026-05-03T00:00:00.000Z' })
      await put(entryOf(one), entryOf(finding(one, [flag('f1'), flag('f2')])), entryOf(verdict('d1', 'f1')))
      await put(entryOf(reread))
      expect(await flagIds()).toEqual(['f2'])
      expect(await count()).toEqual({ flags: 1, articles: 1 })
      expect(await reader.flag('f1')).toMatchObject({ retired: true, standing: { status: 'confirmed' } })
      expect((await reader.article('a'))!.flags.map(one => [one.id, one.retired])).toEqual([
        ['f1', true],
        ['f2', false],
      ])
      expect((await reader.facets({ query: all }, ['category'], 5)).category).toEqual([
        { value: 'slur', flags: 1, articles: 1 },
      ])
    })

    test('a flag that a later finding has again is back, with its verdict', async () => {
      const one = article('a')
      const at = (minute: number) => `2026-05-03T00:0${minute}:00.000Z`
      await put(entryOf(finding(one, [flag('f1')], { madeAt: at(1) })), entryOf(verdict('d1', 'f1')))
      await put(entryOf(finding(one, [], { madeAt: at(2) })))
      expect(await flagIds()).toEqual([])
      await put(entryOf(finding(one, [flag('f1', { severity: 2 })], { madeAt: at(3) })))
      expect(await reader.flag('f1')).toMatchObject({
        retired: false,
        severity: 2,
        standing: { status: 'confirmed' },
      })
      expect(await flagIds(field('status', 'confirmed'))).toEqual(['f1'])
    })

    test('a decision counts at once, before its flag is known too, and an undo takes it back', async () => {
      const one = article('a')
      await put(entryOf(verdict('d1', 'f1', { corrected: { category: 'threat', subtype: 'mirror' } })))
      await put(entryOf(one), entryOf(finding(one, [flag('f1')])))
      expect(await flagIds(and(field('status', 'confirmed'), field('category', 'threat')))).toEqual(['f1'])
      expect((await reader.facets({ query: all }, ['category'], 5)).category).toEqual([
        { value: 'threat', flags: 1, articles: 1 },
      ])
      await put(entryOf({ ...verdict('d2', 'f1'), kind: 'undo', of: 'd1' } as Decision))
      expect(await flagIds(field('status', 'pending'))).toEqual(['f1'])
      expect(await flagIds(field('category', 'slur'))).toEqual(['f1'])
      expect((await reader.article('a'))!.decisions.map(one => one.id)).toEqual(['d1', 'd2'])
    })

    test('an article that moves to another day leaves nothing behind', async () => {
      const one = article('a', { text: 'seljenje' })
      await put(entryOf(one), entryOf(finding(one, [flag('f1')])))
      const moved = {
        ...one,
        at: '2026-04-02T10:00:00.000Z',
        day: '2026-04-02',
        revision: 1,
        fetchedAt: '2026-05-05T00:00:00.000Z',
      }
      await put(entryOf(moved), entryOf(finding(moved, [flag('f1')])))
      expect(await reader.span()).toEqual({ from: '2026-04-02', to: '2026-04-02' })
      expect(await reader.count({ query: word('seljenje'), from: '2026-04-02', to: '2026-04-02' })).toEqual({
        flags: 1,
        articles: 1,
      })
      expect(await reader.count({ query: all, from: '2026-05-01', to: '2026-05-01' })).toEqual({
        flags: 0,
        articles: 0,
      })
    })

    test('an entry at fault does not spoil the others', async () => {
      const wrong = article('wrong', { day: '1999-01-01' })
      const answers = await writer.put([
        entryOf(article('a')),
        entryOf(wrong),
        entryOf(finding(wrong, [])),
        entryOf(article('b')),
      ])
      await place.settle()
      expect(answers[0]).toBeUndefined()
      expect(answers[1]).toBeInstanceOf(Quarantine)
      expect(answers[2]).toBeInstanceOf(Quarantine)
      expect(answers[3]).toBeUndefined()
      expect(answers[1]!.message).toMatch(/wrong.*1999-01-01/)
      expect(await count()).toEqual({ flags: 0, articles: 2 })
    })

    describe('pages', () => {
      test('equal times neither repeat nor skip, and what comes in meanwhile does not shift them', async () => {
        const entries = Array.from({ length: 25 }, (_, i) => article(`a${String(i).padStart(2, '0')}`))
        await put(...entries.flatMap(one => [entryOf(one), entryOf(finding(one, [flag(`f-${one.id}`)]))]))
        const first = await reader.searchFlags({ query: all }, { limit: 10 })
        const firstArticles = await reader.searchArticles({ query: all }, { limit: 10 })
        const newer = article('newer', { at: '2026-05-09T00:00:00.000Z' })
        await put(entryOf(newer), entryOf(finding(newer, [flag('f-newer')])))
        const rest = await everyPage(
          page => reader.searchFlags({ query: all }, page),
          'newest',
          first.nextCursor,
          10,
        )
        const restArticles = await everyPage(page => reader.searchArticles({ query: all }, page), 'newest', firstArticles.nextCursor, 10) // prettier-ignore
        const newestFirst = entries.map(one => one.id).reverse()
        expect([...first.items, ...rest].map(one => one.id)).toEqual(newestFirst.map(id => `f-${id}`))
        expect([...firstArticles.items, ...restArticles].map(one => one.id)).toEqual(newestFirst)
      })

      test('the last page has no cursor, even when it is full', async () => {
        await put(entryOf(article('a')), entryOf(article('b')))
        const page = await reader.searchArticles({ query: all }, { limit: 2 })
        expect(page.items).toHaveLength(2)
        expect(page.nextCursor).toBeUndefined()
      })

      test('a cursor that was not given is refused as such', async () => {
        const one = article('a')
        await put(entryOf(one), entryOf(finding(one, [flag('f1'), flag('f2')])), entryOf(article('b')))
        const { nextCursor: ofFlags } = await reader.searchFlags({ query: all }, { limit: 1 })
        const { nextCursor: ofArticles } = await reader.searchArticles({ query: all }, { limit: 1 })
        for (const cursor of [
          '',
          'x',
          'bnVsbA',
          '%%%',
          Buffer.from('[1,2,3,4]').toString('base64url'),
          ofArticles!,
        ]) {
          await expect(reader.searchFlags({ query: all }, { limit: 1, cursor }), cursor).rejects.toThrow(
            BadCursor,
          )
        }
        await expect(reader.searchArticles({ query: all }, { limit: 1, cursor: ofFlags! })).rejects.toThrow(
          BadCursor,
        )
        await expect(
          reader.searchFlags({ query: all }, { limit: 1, cursor: ofFlags!, order: 'oldest' }),
        ).rejects.toThrow(BadCursor)
      })

      test('a page without a size is refused', async () => {
        for (const limit of [0, -1, 1.5, 1e9]) {
          await expect(reader.searchFlags({ query: all }, { limit })).rejects.toThrow(RangeError)
          await expect(reader.searchArticles({ query: all }, { limit })).rejects.toThrow(RangeError)
        }
      })
    })

    describe('deleting', () => {
      const secret = 'tajnovitost'
      const one = article('a', {
        title: `${secret} u naslovu`,
        lead: `${secret} u uvodu`,
        text: `${secret} u tekstu`,
        author: secret,
      })
      const flagged = finding(one, [
        flag('f1', { quote: secret, sentence: `${secret} u tekstu`, why: secret, speaker: secret }),
      ])
      const judged = verdict('d1', 'f1', { note: secret })
      const deletion: Decision = {
        v: 1,
        id: 'd9',
        kind: 'delete',
        articleId: 'a',
        by: 'u1',
        at: '2026-05-04T00:00:00.000Z',
        reason: 'asked for',
      }
      const later = { ...one, title: `opet ${secret}`, revision: 1, fetchedAt: '2026-05-06T00:00:00.000Z' }
      const everything = [
        entryOf(one),
        entryOf(flagged),
        entryOf(judged),
        entryOf(deletion),
        entryOf(later),
        entryOf(finding(later, [flag('f1', { quote: secret }), flag('f2', { quote: secret })])),
      ]

      async function expectGone(): Promise<void> {
        const document = await reader.article('a')
        expect(document).toMatchObject({
          deleted: true,
          article: { id: 'a', sourceId: one.sourceId, day: one.day, title: '', url: '' },
        })
        expect(document).not.toHaveProperty('text')
        expect(await reader.flag('f1')).toMatchObject({
          quote: '',
          sentence: '',
          standing: { status: 'confirmed' },
        })
        expect(JSON.stringify([document, await reader.flag('f1')])).not.toContain(secret)
        expect(document!.decisions).toContainEqual(deletion)
        for (const query of [
          all,
          word(secret),
          phrase(secret),
          prefix('tajn'),
          field('title', secret),
          field('author', secret),
          field('article', 'a'),
        ]) {
          expect(await count(query), JSON.stringify(query)).toEqual({ flags: 0, articles: 0 })
        }
        expect(await reader.span()).toBeUndefined()
      }

      test('takes every word and leaves the fact', async () => {
        await put(entryOf(one), entryOf(flagged), entryOf(judged))
        expect(await count(word(secret))).toEqual({ flags: 1, articles: 1 })
        await put(entryOf(deletion))
        await expectGone()
      })

      test('holds for ever, whatever comes before or after it', async () => {
        for (const seed of [1, 2, 3, 4, 5, 6]) {
          const shuffled = new Chance(seed).shuffled([...everything, ...everything])
          for (const entry of shuffled) await put(entry)
          await expectGone()
        }
      })

      test('leaves other articles alone', async () => {
        const other = article('b', { text: secret })
        await put(...everything, entryOf(other), entryOf(finding(other, [flag('f3', { quote: secret })])))
        expect(await flagIds(word(secret))).toEqual(['f3'])
      })
    })

    describe('letting texts expire', () => {
      const early = { at: '2026-02-01T10:00:00.000Z' }

      test('takes lead and text of unflagged articles fetched before the day; titles and counts stay', async () => {
        const old = article('old', {
          ...early,
          title: 'stari naslov',
          lead: 'uvod stari',
          text: 'tekst stari',
        })
        const flaggedOld = article('flagged', { ...early, text: 'tekst stari' })
        const young = article('young', { text: 'tekst mladi' })
        await put(entryOf(old), entryOf(finding(old, [])), entryOf(flaggedOld), entryOf(young))
        await put(entryOf(finding(flaggedOld, [flag('f1')])))
        expect(await writer.expireText('2026-03-01')).toBe(1)
        await place.settle()
        expect(await reader.article('old')).not.toHaveProperty('text')
        expect(await reader.article('old')).not.toHaveProperty('lead')
        expect((await count(word('stari'))).articles).toBe(2)
        expect((await count(word('tekst'))).articles).toBe(2)
        expect((await count(field('title', 'stari naslov'))).articles).toBe(1)
        expect((await count()).articles).toBe(3)
        expect(await writer.expireText('2026-03-01')).toBe(0)
      })

      test('keeps the words of old articles that were fetched late, as an imported archive is', async () => {
        const archived = article('archived', { ...early, fetchedAt: '2026-03-02T10:00:00.000Z' })
        const edited = article('edited', { ...early, fetchedAt: '2026-02-01T10:00:00.000Z' })
        const anew = article('edited', {
          ...early,
          revision: 1,
          fetchedAt: '2026-03-02T10:00:00.000Z',
          text: 'tekst novi',
        })
        await put(entryOf(archived), entryOf(edited))
        expect(await writer.expireText('2026-03-01')).toBe(1)
        await put(entryOf(anew), entryOf(edited))
        await place.settle()
        expect(await reader.article('archived')).toMatchObject({ text: 'tekst archived' })
        expect(await reader.article('edited')).toMatchObject({ text: 'tekst novi' })
        expect(await writer.expireText('2026-03-03')).toBe(2)
      })

      test('is not undone by an article that comes again, and does not keep a flag from its text', async () => {
        const old = article('old', { ...early, text: 'tekst stari' })
        await put(entryOf(old))
        expect(await writer.expireText('2026-03-01')).toBe(1)
        await put(entryOf(old))
        expect(await reader.article('old')).not.toHaveProperty('text')
        await put(entryOf(finding(old, [flag('f1')])))
        expect(await flagIds(word('tekst'))).toEqual(['f1'])
        expect(await reader.article('old')).toMatchObject({ text: 'tekst stari' })
      })
    })

    describe('sources', () => {
      const at = (minute: number): string => `2026-05-01T10:${String(minute).padStart(2, '0')}:00.000Z`
      const looks = [
        look('o1', { at: at(0), outcome: 'failed', reason: 'status 500' }),
        look('o2', { at: at(10), outcome: 'fresh', published: 2 }),
        look('o3', { at: at(20), outcome: 'unchanged', warnings: ['lost one'] }),
        look('o4', { at: at(30), outcome: 'failed', reason: 'status 503' }),
        look('o5', { at: at(40), outcome: 'refused', reason: 'robots.txt says no', nextDueAt: at(59) }),
        look('o6', { at: at(50), outcome: 'failed', kind: 'recheck', reason: 'a page, not the feed' }),
        look('o7', { at: at(5), outcome: 'fresh', sourceId: 'another' }),
      ]

      test('are as their observations say, in any order, however often', async () => {
        await put(
          entryOf(article('a')),
          entryOf(article('b')),
          entryOf(article('c', { at: '2026-04-20T10:00:00.000Z' })),
        )
        for (const seed of [1, 2, 3, 4, 5]) {
          await put(...new Chance(seed).shuffled([...looks, ...looks]).map(entryOf))
          const [another, one, ...more] = await reader.sources('2026-05-02')
          expect(more).toEqual([])
          expect(another).toMatchObject({
            sourceId: 'another',
            failures: 0,
            lastOutcome: 'fresh',
            warnings: [],
          })
          expect(one).toMatchObject({
            sourceId: 'outlet',
            lastPollAt: at(40),
            lastOutcome: 'refused',
            lastReason: 'robots.txt says no',
            lastSuccessAt: at(20),
            lastItemAt: at(10),
            nextDueAt: at(59),
            failures: 2,
            warnings: [],
          })
          expect(one!.articlesByDay).toHaveLength(28)
          expect(one!.articlesByDay[0]!.day).toBe('2026-04-05')
          expect(one!.articlesByDay.filter(({ articles }) => articles > 0)).toEqual([
            { day: '2026-04-20', articles: 1 },
            { day: '2026-05-01', articles: 2 },
          ])
        }
      })
    })

    test(
      'any order and any repeat of the same entries end in the same answers',
      async () => {
        await fc.assert(
          fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async seed => {
            const chance = new Chance(seed)
            const entries = corpus({ seed, articles: 6, flagged: 0.8, recaptures: true })
            const repeated = [...entries, ...entries.filter(() => chance.happens(0.4))]
            const snapshots: unknown[] = []
            for (const order of [entries, chance.shuffled(repeated), chance.shuffled(repeated)]) {
              const fresh = await adapter.create()
              try {
                snapshots.push(await snapshotAfter(fresh, order, chance))
              } finally {
                await fresh.destroy()
              }
            }
            expect(snapshots[1]).toEqual(snapshots[0])
            expect(snapshots[2]).toEqual(snapshots[0])
          }),
          { numRuns: adapter.rounds },
        )
      },
      adapter.roundsMs,
    )
  })
}

// ---------------------------------------------------------------- asking

async function everyPage<T>(
  ask: (page: PageRequest) => Promise<Page<T>>,
  order: 'newest' | 'oldest',
  cursor?: string,
  limit = PAGE,
): Promise<T[]> {
  const items: T[] = []
  for (let pages = 0; pages < 100; pages++) {
    const page = await ask({ limit, order, ...(cursor !== undefined && { cursor }) })
    items.push(...page.items)
    cursor = page.nextCursor
    if (cursor === undefined) return items
  }
  throw new Error('expected the pages to end')
}

/** Puts the entries in batches of any size, and asks for all that the index can tell. */
async function snapshotAfter(
  place: IndexPlace,
  entries: readonly IndexEntry[],
  chance: Chance,
): Promise<unknown> {
  const writer = await place.writer()
  for (let from = 0; from < entries.length;) {
    const size = 1 + chance.below(8)
    const answers = await writer.put(entries.slice(from, from + size))
    expect(answers.filter(answer => answer !== undefined)).toEqual([])
    from += size
  }
  await writer.close()
  await place.settle()
  const reader = await place.reader()
  try {
    return await snapshot(reader, new Set(entries.flatMap(articleIdOf)))
  } finally {
    await reader.close()
  }
}

async function snapshot(reader: IndexReader, ids: ReadonlySet<string>): Promise<unknown> {
  const searches: Search[] = [
    { query: all },
    { query: or(word('presuda'), prefix('gen')) },
    { query: phrase('prava ljudskih') },
  ]
  const answers = []
  for (const search of searches) {
    answers.push(
      await everyPage(page => reader.searchFlags(search, page), 'newest'),
      await everyPage(page => reader.searchArticles(search, page), 'newest'),
      await reader.facets(search, FACETS, 20),
    )
  }
  const documents = []
  for (const id of [...ids].sort()) documents.push(await reader.article(id))
  return { answers, documents, sources: await reader.sources(LAST_DAY), span: await reader.span() }
}

function articleIdOf(entry: IndexEntry): string[] {
  if (entry.kind === 'article') return [entry.article.id]
  if (entry.kind === 'finding') return [entry.finding.article.id]
  return entry.kind === 'decision' ? [entry.decision.articleId] : []
}

// ---------------------------------------------------------------- things to put

function article(id: string, given: Partial<Article> = {}): Article {
  const at = given.at ?? '2026-05-01T10:00:00.000Z'
  return {
    v: 1,
    id,
    sourceId: 'outlet',
    outlet: { name: 'Outlet', country: 'BA', kind: 'public' },
    url: `https://outlet.example/${id}`,
    at,
    day: dayOf(at),
    title: `naslov ${id}`,
    firstSeenAt: at,
    fetchedAt: at,
    revision: 0,
    textHash: hashId(id),
    evidence: { rawHash: hashId('raw', id), bytes: 100 },
    text: `tekst ${id}`,
    ...given,
  }
}

function flag(id: string, given: Partial<Flag> = {}): Flag {
  return {
    id,
    category: 'slur',
    subtype: 'ethnic',
    severity: 3,
    confidence: 0.9,
    alert: true,
    targets: ['roma'],
    voice: 'outlet',
    stance: 'endorses',
    field: 'text',
    start: 0,
    end: 5,
    quote: 'tekst',
    sentence: 'tekst.',
    rule: 'rule-1',
    why: 'a reason',
    indicators: [],
    ...given,
  }
}

function finding(of: Article, flags: readonly Flag[], given: Partial<Finding> = {}): Finding {
  return {
    v: 1,
    article: headOf(of),
    ...(flags.length > 0 && { text: of.text }),
    ...(flags.length > 0 && of.lead !== undefined && { lead: of.lead }),
    language: 'bs',
    languageConfidence: 0.9,
    script: 'Latn',
    flagged: flags.length > 0,
    flags: [...flags],
    madeBy: { pipeline: '1', lexicon: 'a' },
    madeAt: of.fetchedAt,
    ...given,
  }
}

function verdict(id: string, flagId: string, given: Partial<Decision & { kind: 'verdict' }> = {}): Decision {
  const at = `2026-05-03T12:00:0${id.at(-1)!}.000Z`
  return { v: 1, id, kind: 'verdict', articleId: 'a', flagId, decision: 'confirmed', by: 'u1', at, ...given }
}

function look(id: string, given: Partial<Observation> & { readonly published?: number }): Observation {
  const { published = 0, ...rest } = given
  return {
    v: 1,
    id,
    sourceId: 'outlet',
    at: '2026-05-01T10:00:00.000Z',
    of: 'https://outlet.example/feed.xml',
    kind: 'feed',
    outcome: 'fresh',
    seen: published,
    fates: { published, revised: 0, unchanged: 0, duplicate: 0, refused: 0, failed: 0 },
    items: [],
    warnings: [],
    ...rest,
  }
}

function entryOf(of: Article | Finding | Decision | Observation): IndexEntry {
  if ('madeBy' in of) return { kind: 'finding', finding: of }
  if ('text' in of) return { kind: 'article', article: of }
  return 'articleId' in of ? { kind: 'decision', decision: of } : { kind: 'observation', observation: of }
}
