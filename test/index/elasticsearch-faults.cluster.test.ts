/** What goes wrong between the index and Elasticsearch: afterwards nothing is lost and nothing is there twice. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { ConfigError, Quarantine, RetryLater } from '../../core/errors.ts'
import { silentLogger } from '../../core/logger.ts'
import type { IndexEntry, IndexWriter } from '../../core/ports.ts'
import { message } from '../../core/stage.ts'
import { articles, decisions, findings, observations } from '../../core/topics.ts'
import type { ElasticsearchOptions } from '../../index/elasticsearch-store.ts'
import { groupOf, writerOf } from '../../index/index-home.ts'
import type { GenerationWriter } from '../../index/index-home.ts'
import { rebuildIndex } from '../../index/rebuild.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import { ownName, servers } from '../cluster/servers.ts'
import { Chance, LAST_DAY, corpus } from '../contract/index-corpus.ts'
import { all, and, field, phrase, prefix, word } from '../contract/index-queries.ts'
import { referenceIndex } from '../contract/index-reference.ts'
import { ElasticsearchPlace } from './elasticsearch-place.ts'
import { faultProxy, itemsOf } from './fault-proxy.ts'
import type { Fault, FaultProxy, Request } from './fault-proxy.ts'

const { elasticsearch, lack } = servers()

/** For a machine with much else to do; short where a test waits for it to pass. */
const REQUEST_MS = 20_000
const SHORT_MS = 2_000
const PATIENCE_MS = 500
const BATCH = 60

const QUESTIONS = [
  all,
  word('presuda'),
  word('tribunal'),
  phrase('prava ljudskih'),
  prefix('gen'),
  and(word('presuda'), field('flagged', 'false')),
  field('status', 'confirmed'),
]

describe.skipIf(lack)(`faults of Elasticsearch ${lack ?? ''}`, { timeout: 240_000 }, () => {
  let place: ElasticsearchPlace
  let proxy: FaultProxy

  beforeEach(async () => {
    place = await ElasticsearchPlace.make(elasticsearch, ownName('faults'))
    proxy = await faultProxy(elasticsearch)
  })
  afterEach(async () => {
    proxy.decide = () => 'pass'
    await proxy.close()
    await place.destroy()
  })

  async function writerThrough(options: Partial<ElasticsearchOptions> = {}): Promise<GenerationWriter> {
    const { decide } = proxy
    proxy.decide = () => 'pass'
    const home = place.elsewhere({
      url: proxy.url,
      requestMs: REQUEST_MS,
      patienceMs: PATIENCE_MS,
      ...options,
    })
    const writer = await writerOf(home, await home.first())
    proxy.decide = decide
    return { ...writer, close: () => home.close() }
  }

  /** All that was put is there once, as the predicate of the query language says, and nothing else. */
  async function expectExactly(entries: readonly IndexEntry[]): Promise<void> {
    await place.settle()
    const reference = referenceIndex(entries)
    const reader = await place.reader()
    const asked = QUESTIONS.map(async query => {
      const search = { query }
      expect(await reader.count(search), JSON.stringify(query)).toEqual(reference.count(search))
      const { items: flags } = await reader.searchFlags(search, { limit: 1000 })
      const { items: found } = await reader.searchArticles(search, { limit: 1000 })
      expect(flags.map(flag => flag.id)).toEqual(reference.flagIds(search))
      expect(found.map(article => article.id)).toEqual(reference.articleIds(search))
    })
    const read = reference.ids.map(async id => {
      const expected = reference.article(id)!
      if (!expected.deleted) expect(await reader.article(id)).toEqual(expected)
    })
    await Promise.all([...asked, ...read])
    await reader.close()
    await expectNoStrays(reference.ids.filter(id => reference.article(id)!.deleted))
  }

  /** No text of a deleted article anywhere, and of no article two. */
  async function expectNoStrays(deleted: readonly string[]): Promise<void> {
    const ids = await idsIn(await texts())
    expect(ids.filter(id => deleted.includes(id))).toEqual([])
    expect(ids.length).toBe(new Set(ids).size)
  }

  const texts = async (): Promise<string> => `${place.prefix}-texts-${(await place.home.current())!}-*`

  async function idsIn(index: string): Promise<string[]> {
    const found = (await place.ask('POST', `${index}/_search`, { size: 10_000, _source: false })) as {
      hits: { hits: { _id: string }[] }
    }
    return found.hits.hits.map(hit => hit._id)
  }

  const inBulks = (fault: (bulk: number) => Fault): FaultProxy['decide'] => {
    let bulks = 0
    return ({ path }) => (path === '/_bulk' ? fault(bulks++) : 'pass')
  }

  const entries = corpus({ seed: 51, articles: 40, recaptures: true })

  const CASES: Readonly<Record<string, () => FaultProxy['decide']>> = {
    'the queue is full (429) for some requests': () => inBulks(n => (n % 3 === 1 ? { refuse: 429 } : 'pass')),
    'the node is not there (503) for some requests': () =>
      inBulks(n => (n % 3 === 0 ? { refuse: 503 } : 'pass')),
    'three items of each bulk are refused with 429, others with 503': () =>
      inBulks(n =>
        n % 4 < 2 ? { items: at => (at % 20 < 3 ? 429 : at % 20 < 5 ? 503 : undefined) } : 'pass',
      ),
    'answers come too late': () => inBulks(n => (n % 4 === 1 ? { slow: SHORT_MS * 1.5 } : 'pass')),
    'answers break off in the middle': () => inBulks(n => (n % 3 === 1 ? 'cut' : 'pass')),
    'reading fails as well': () => {
      const chance = new Chance(5)
      return () =>
        chance.oneOf<Fault>(['pass', 'pass', 'pass', 'pass', 'cut', { refuse: 503 }, { refuse: 429 }])
    },
  }

  for (const [name, fault] of Object.entries(CASES)) {
    test(`${name}: nothing is lost, nothing is there twice`, async () => {
      const writer = await writerThrough(name.includes('too late') ? { requestMs: SHORT_MS } : {})
      proxy.decide = fault()
      await putUntilTaken(writer, new Chance(3).shuffled(entries))
      expect(proxy.faults).toBeGreaterThan(2)
      await writer.close()
      await expectExactly(entries)
    })
  }

  test('writers that die in the middle, and others that put the same again', async () => {
    const chance = new Chance(8)
    for (let life = 0; life < 4; life++) {
      const writer = await writerThrough({ patienceMs: 0 })
      const dies = 1 + chance.below(5)
      let bulks = 0
      // From then on nobody hears of it: half a batch is written, or a record without what follows from it.
      proxy.decide = ({ path }) => {
        if (path === '/_bulk') bulks++
        return bulks > dies ? { refuse: 503 } : bulks === dies ? 'cut' : 'pass'
      }
      for (const batch of batchesOf(chance.shuffled(entries))) await writer.put(batch)
      await writer.close()
    }
    proxy.decide = () => 'pass'
    const last = await writerThrough()
    await putUntilTaken(last, chance.shuffled(entries))
    await last.close()
    await expectExactly(entries)
  })

  test('three writers that meet at the same articles end in the same content', async () => {
    const writers = await Promise.all([1, 2, 3].map(() => writerThrough({ patienceMs: 5_000 })))
    await Promise.all(
      writers.map((writer, n) => putUntilTaken(writer, new Chance(n).shuffled(entries), 25 + n)),
    )
    for (const writer of writers) await writer.close()
    await expectExactly(entries)
  })

  test('a writer that froze while an article was deleted does not bring its words back', async () => {
    const captured = corpus({ seed: 52, articles: 1, flagged: 1 }).filter(one => one.kind !== 'decision')
    const frozen = await writerThrough({ patienceMs: 0 })
    const wake = Promise.withResolvers<Fault>()
    let asleep = false
    proxy.decide = ({ path, body }: Request) => {
      // The record is written; what follows from it waits.
      if (path !== '/_bulk' || !body.includes('"part":"text"')) return 'pass'
      asleep = true
      return wake.promise
    }
    const late = frozen.put(captured)
    await until(() => asleep)
    // As if it slept for longer than the server remembers deletions.
    await place.ask('PUT', `${place.prefix}-texts-*/_settings`, { 'index.gc_deletes': '0ms' })
    const writer = await place.writer()
    const deletion = deletionOf(captured)
    expect(await writer.put([deletion])).toEqual([undefined])
    await place.settle()
    wake.resolve('pass')
    expect(await late).toEqual(captured.map(() => undefined))
    await frozen.close()
    await expectExactly([...captured, deletion])
    expect(await idsIn(await texts())).toEqual([])
  })

  test('a deleted article is gone from the files themselves, once upkeep has come by', async () => {
    const [writer, deletion] = [await place.writer(), deletionOf(entries)]
    await putUntilTaken(writer, [...entries, deletion])
    // The server says every half minute up to where no copy can ask for what was replaced. That cannot be set.
    await systemClock.sleep(65_000)
    const clock = { ...systemClock, now: () => new Date(Date.now() + 3_600_000) }
    const home = place.elsewhere({ clock })
    expect(await deletedIn(place)).toBeGreaterThan(0)
    await (await home.writer(writer.generation)).expireText('')
    await place.settle()
    expect(await deletedIn(place)).toBe(0)
    await home.close()
  })

  test('one bad item in a bulk of 500 is set aside with its reason; the others are there', async () => {
    const many = corpus({ seed: 53, articles: 500, flagged: 0, length: [3, 6] })
      .filter(one => one.kind === 'article')
      .filter((one, at, list) => list.findIndex(other => other.article.id === one.article.id) === at)
    expect(many).toHaveLength(500)
    const bad = many[250]!.article.id
    proxy.decide = ({ path }) =>
      path === '/_bulk' ? { change: body => itemsOf(body).map(spoil).join('') } : 'pass'
    const spoil = (item: string): string =>
      item.includes(`"_id":"${bad}"`) ? item.replace('{"part":"head",', '{"part":"head","surprise":1,') : item
    const writer = await writerThrough()
    const answers = await writer.put(many)
    const refused = answers.filter(answer => answer !== undefined)
    expect(refused).toHaveLength(1)
    expect(answers[250]).toBeInstanceOf(Quarantine)
    expect(answers[250]!.message).toMatch(
      new RegExp(`${bad}.*400.*strict_dynamic_mapping_exception.*surprise`),
    )
    await writer.close()
    await expectExactly(many.filter(one => one.article.id !== bad))
  })

  test('while the disk is full, entries are for later and reading goes on; then all of them are there', async () => {
    const writer = await writerThrough({ patienceMs: 0 })
    const [before, after] = [entries.slice(0, 60), entries.slice(60)]
    await putUntilTaken(writer, before)
    await place.ask('PUT', `${place.prefix}-*/_settings`, FLOOD)
    const answers = await writer.put(after)
    expect(answers.every(answer => answer instanceof RetryLater)).toBe(true)
    await expectExactly(before)
    await place.ask('PUT', `${place.prefix}-*/_settings`, EBB)
    await putUntilTaken(writer, after)
    await writer.close()
    await expectExactly(entries)
  })

  test('an alias on two indices, and an index of other fields, are said in one line', async () => {
    const { prefix: name } = place
    const generation = (await place.home.current())!
    await place.ask('PUT', `${name}-articles-other`)
    await place.ask('POST', '_aliases', {
      actions: [{ add: { index: `${name}-articles-other`, alias: `${name}-articles` } }],
    })
    await expect(place.writer()).rejects.toThrow(/the alias .*-articles on one index, it is on .* and /)
    await place.ask('DELETE', `${name}-articles-other`)
    await place.ask('DELETE', `${name}-flags-${generation}`)
    await place.ask('DELETE', `_index_template/${name}-flags`)
    await place.ask('PUT', `${name}-flags-${generation}`, {
      mappings: { dynamic: 'strict', properties: { at: { type: 'date' }, day: { type: 'keyword' } } },
    })
    const line =
      /does not fit this Opomena: expected the field day to be date, it is keyword; run opomena es apply and then opomena rebuild/
    await expect(place.writer()).rejects.toThrow(line)
    await expect(place.reader()).rejects.toThrow(line)
    await expect(place.home.apply()).rejects.toThrow(ConfigError)
  })

  describe('with a log', () => {
    // A topic holds each revision once.
    const entries = corpus({ seed: 55, articles: 40 })
    let folder: string
    let log: ReturnType<typeof sqliteLog>
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'opomena-es-'))
      log = sqliteLog({ path: join(folder, 'log.db'), clock: systemClock, logger: silentLogger })
      await log.publish(entries.map(messageOf))
    })
    afterEach(async () => {
      await log.close()
      rmSync(folder, { recursive: true, force: true })
    })
    const rebuild = (options: { acceptSmaller?: boolean } = {}) =>
      rebuildIndex({ home: place.home, log, clock: systemClock, logger: silentLogger, ...options })

    test('an index that somebody deleted is not made anew by a write, and is rebuilt from the log', async () => {
      const writer = await place.writer()
      await putUntilTaken(writer, entries)
      await place.ask('DELETE', `${place.prefix}-articles-${writer.generation}`)
      await expect(writer.put(entries.slice(0, 5))).rejects.toThrow(/is not there; run opomena rebuild/)
      await expect(place.writer()).rejects.toThrow(ConfigError)
      const { generation, after } = await rebuild()
      expect(generation).not.toBe(writer.generation)
      expect(after).toEqual(referenceIndex(entries).count({ query: all }))
      await expectExactly(entries)
    })

    test('a reader that is open answers all the time while the index is rebuilt, and moves over', async () => {
      const writer = await place.writer()
      await putUntilTaken(writer, entries)
      await place.settle()
      const reader = await place.reader()
      const expected = await reader.count({ query: word('presuda') })
      let asked = 0
      const over = new AbortController()
      const asking = (async () => {
        for (; !over.signal.aborted; asked++)
          expect(await reader.count({ query: word('presuda') })).toEqual(expected)
      })()
      const { generation, before, after } = await rebuild()
      expect(after).toEqual(before)
      await systemClock.sleep(700)
      over.abort()
      await asking
      await reader.close()
      expect(asked).toBeGreaterThan(5)
      expect(await place.home.current()).toBe(generation)
      expect(await log.groups()).toEqual([groupOf(generation)])
      // The old one is kept until the next rebuild, and no longer.
      expect(await place.home.all()).toContain(writer.generation)
      await rebuild()
      expect(await place.home.all()).not.toContain(writer.generation)
    })

    test('a log that has lost most does not replace the index; two rebuilds do not meet', async () => {
      const more = corpus({ seed: 54, articles: 200, first: 1000, length: [3, 6] })
      await putUntilTaken(await place.writer(), [...entries, ...more], 400)
      const before = await place.home.current()
      await expect(rebuild()).rejects.toThrow(/expected about/)
      expect(await place.home.current()).toBe(before)
      const ends = await Promise.allSettled([
        rebuild({ acceptSmaller: true }),
        rebuild({ acceptSmaller: true }),
      ])
      expect(ends.map(end => end.status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(ends.find(end => end.status === 'rejected')).toMatchObject({
        reason: { message: /another rebuild/ },
      })
      await expectExactly(entries)
    })
  })
})

function deletionOf(entries: readonly IndexEntry[]): IndexEntry {
  const { article } = entries.find(one => one.kind === 'article')!
  const at = `${LAST_DAY}T20:00:00.000Z`
  const decision = {
    v: 1,
    id: 'd',
    kind: 'delete',
    articleId: article.id,
    by: 'u',
    at,
    reason: 'asked for',
  } as const
  return { kind: 'decision', decision }
}

/** Documents that are deleted or replaced and still stand in the files of articles, flags and texts. */
async function deletedIn(place: ElasticsearchPlace): Promise<number> {
  const { indices } = (await place.ask('GET', `${place.prefix}-*/_stats/docs`)) as {
    indices: Record<string, { primaries: { docs: { deleted: number } } }>
  }
  return Object.entries(indices)
    .filter(([index]) => /-(articles|flags|texts)-/.test(index))
    .reduce((sum, [, { primaries }]) => sum + primaries.docs.deleted, 0)
}

const FLOOD = { 'index.blocks.read_only_allow_delete': true }
const EBB = { 'index.blocks.read_only_allow_delete': null }

function batchesOf(entries: readonly IndexEntry[], size = BATCH): IndexEntry[][] {
  const batches: IndexEntry[][] = []
  for (let from = 0; from < entries.length; from += size) batches.push(entries.slice(from, from + size))
  return batches
}

/** As a stage does: what is for later is put again, and nothing is given up. */
async function putUntilTaken(
  writer: IndexWriter,
  entries: readonly IndexEntry[],
  size = BATCH,
): Promise<void> {
  for (const batch of batchesOf(entries, size)) {
    let open = batch
    for (let tries = 0; open.length > 0; tries++) {
      expect(tries, 'tries of one batch').toBeLessThan(60)
      const answers = await writer.put(open)
      expect(answers.filter(answer => answer !== undefined && !(answer instanceof RetryLater))).toEqual([])
      open = open.filter((_, at) => answers[at] !== undefined)
    }
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !condition(); tries++) await systemClock.sleep(10)
  expect(condition()).toBe(true)
}

function messageOf(entry: IndexEntry) {
  switch (entry.kind) {
    case 'article':
      return message(articles, entry.article)
    case 'finding':
      return message(findings, entry.finding)
    case 'decision':
      return message(decisions, entry.decision)
    case 'observation':
      return message(observations, entry.observation)
  }
}
