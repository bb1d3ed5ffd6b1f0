import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FlagDocument } from '../../core/document.ts'
import { priorityOf, queueOf } from '../../dashboards/queue.ts'
import { isBlind } from '../../dashboards/verdict-form.ts'
import { openSite, readable } from './site.ts'
import type { Site } from './site.ts'
import { articleOf, findingOf, flagOf, invent } from './world.ts'
import type { IndexEntry } from '../../core/ports.ts'

const base = {
  category: 'denial',
  severity: 3,
  confidence: 0.8,
  field: 'text',
  stance: 'relays',
  quote: 'one two',
  sentence: 'There were one two of them.',
  standing: {},
  targets: [],
  article: { at: '2026-07-01T00:00:00.000Z', sourceId: 's' },
} as unknown as FlagDocument
const like = (change: object): FlagDocument => ({ ...base, ...change })

describe('the order of the queue', () => {
  for (const [name, change, reach] of [
    ['a graver one', { severity: 4 }, 1],
    ['a surer one', { confidence: 0.9 }, 1],
    ['one in a headline', { field: 'title' }, 1],
    ['one in an outlet with more readers', {}, 1.5],
  ] as const) {
    test(`${name} comes first`, () =>
      expect(priorityOf(like(change), reach)).toBeGreaterThan(priorityOf(base, 1)))
  }
  test('one that the article condemns comes later', () =>
    expect(priorityOf(like({ stance: 'condemns' }), 1)).toBeLessThan(priorityOf(base, 1)))
  test('of equal ones the newest comes first', () => {
    const older = like({ id: 'old', quote: 'a' })
    const newer = like({ id: 'new', quote: 'b', article: { at: '2026-07-02T00:00:00.000Z', sourceId: 's' } })
    expect(queueOf([older, newer], () => 1).map(({ flags }) => flags[0]!.id)).toEqual(['new', 'old'])
  })
})

describe('copies of a statement', () => {
  test('are one entry, in either script and spelling', () => {
    const latin = like({ id: 'a', quote: 'nije se dogodilo', sentence: 'Rekao je da nije se dogodilo.' })
    const cyrillic = like({ id: 'b', quote: 'није се догодило', sentence: 'Рекао је да НИЈЕ се догодило!' })
    expect(queueOf([latin, cyrillic], () => 1)).toHaveLength(1)
  })
  for (const [name, change] of [
    ['with another label', { category: 'threat' }],
    ['in another sentence', { sentence: 'Nobody said one two.' }],
    ['of which the article makes something else', { stance: 'condemns' }],
  ] as const) {
    test(`${name} are not`, () => expect(queueOf([base, like(change)], () => 1)).toHaveLength(2))
  }
})

describe('the review room', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite({
      entries: invent({ now: new Date('2026-07-20T10:00:00Z'), days: 4, articlesADay: 12, flaggedIn: 1 }),
    })
  })
  afterAll(() => site.close())
  const ids = (html: string): string[] =>
    [...html.matchAll(/data-card\s+tabindex="-1"\s+id="([0-9a-f]+)"/gu)].map(match => match[1]!)

  test('covers every passage until it is revealed, unless the reviewer chose otherwise', async () => {
    const { text } = await site.as('monitor').get('/review')
    expect(ids(text).length).toBeGreaterThan(5)
    const covers = text.match(/<details class="cover[^>]*>/gu)!
    expect(covers).toHaveLength(ids(text).length)
    expect(covers.filter(tag => /\sopen/u.test(tag))).toEqual([])
    await site.as('colleague').post('/account/settings', { keys: 'on', breakAfter: '40' })
    const open = (await site.as('colleague').get('/review')).text.match(/<details class="cover[^>]*>/gu)!
    expect(open.every(tag => /\sopen/u.test(tag))).toBe(true)
    await site.as('colleague').post('/account/settings', { cover: 'on', keys: 'on', breakAfter: '40' })
  })

  test('lends a statement to one reviewer at a time', async () => {
    const [monitor, colleague] = [site.as('monitor'), site.as('colleague')]
    const first = await monitor.post('/review/take')
    const second = await colleague.post('/review/take')
    const taken = [first, second].map(({ location }) =>
      new URL(location!, 'http://x').searchParams.get('flag')!,
    )
    expect(taken[0]).not.toBe(taken[1])
    const lent = (await site.reader.flag(taken[0]!))!
    const { text } = await colleague.get(`/review?language=${lent.language}&category=${lent.category}`)
    expect(readable(text)).toContain('monitor looks at this now')
    expect(ids(text).at(-1)).toBe(lent.id)
    expect((await colleague.post('/review/take', { flag: taken[0]! })).status).toBe(422)
    await site.clock.advance(15 * 60_000)
    expect((await colleague.post('/review/take', { flag: taken[0]! })).status).toBe(303)
  })

  test('leads from one item to the next, and back when the queue is empty', async () => {
    const monitor = site.as('monitor')
    await site.clock.advance(16 * 60_000)
    let answer = await monitor.post('/review/take', { desk: 'category=slur' })
    const seen = new Set<string>()
    for (let n = 0; n < 40 && answer.location!.startsWith('/items/'); n++) {
      const { searchParams } = new URL(answer.location!, 'http://x')
      const id = searchParams.get('flag')!
      expect(seen.has(id)).toBe(false)
      seen.add(id)
      const { text } = await monitor.get(answer.location!)
      expect(text).toContain('name="next" value="category=slur"')
      const copies = [...text.matchAll(/name="copy" value="(\w+)"/gu)].map(match => match[1]!)
      answer = await monitor.post('/verdicts', {
        flag: id,
        copy: copies,
        copies: 'on',
        decision: 'confirmed',
        next: 'category=slur',
      })
    }
    expect(seen.size).toBeGreaterThan(0)
    expect(answer.location).toMatch(/^\/review\?category=slur&done=/u)
    expect(readable((await monitor.get('/review?category=slur')).text)).toContain(
      'Nothing waits under these filters',
    )
  })

  test('asks for a second opinion without telling the first, then shows both', async () => {
    const flag = await site.flag(one => one.severity >= 4 && one.standing.status === 'pending')
    await site.as('monitor').post('/verdicts', { flag: flag.id, decision: 'confirmed', note: 'Very clear.' })
    await site.relay()
    const path = `/items/${flag.article.id}`
    const colleague = site.as('colleague')
    expect(ids((await colleague.get('/review?tab=second')).text)).toContain(flag.id)
    expect(ids((await site.as('monitor').get('/review?tab=second')).text)).not.toContain(flag.id)
    expect((await colleague.get(path)).text).not.toContain('Very clear.')
    await colleague.post('/verdicts', { flag: flag.id, decision: 'not-hate' })
    await site.relay()
    const { text } = await colleague.get(path)
    expect(text).toContain('Very clear.')
    expect(text).toContain('reviewers disagree')
    expect(ids((await site.as('lead').get('/review?tab=disagreements')).text)).toContain(flag.id)
    expect(ids((await colleague.get('/review?tab=second')).text)).not.toContain(flag.id)
  })

  test('proposes a break after so many decisions, until one was taken', async () => {
    const lead = site.as('lead')
    await lead.post('/account/settings', { cover: 'on', keys: 'on', breakAfter: '2' })
    const { items } = await site.reader.searchFlags({ query: { kind: 'all' } }, { limit: 2 })
    await site.clock.advance(1_000)
    expect((await lead.get('/review')).text).not.toContain('without a break')
    for (const { id } of items) await lead.post('/verdicts', { flag: id, decision: 'unclear' })
    expect((await lead.get('/review')).text).toContain('2 passages without a break')
    await site.clock.advance(1_000)
    await lead.post('/review/break')
    expect((await lead.get('/review')).text).not.toContain('without a break')
  })

  test('keeps the last ten decisions at hand', async () => {
    const { text } = await site.as('monitor').get('/review?tab=mine')
    expect(text.match(/\/decisions\/\w+\/undo/gu)!.length).toBeLessThanOrEqual(10)
    expect(readable(text)).toContain('Confirmed')
  })
})

describe('the page of an item', () => {
  let site: Site
  const text = 'Први пасус.\n\nРекао је да су они пошаст и да их треба истерати. Крај.\n\nЋирилица.'
  const article = articleOf({
    id: 'itemitemitemitem0001',
    source: 'moravski-vesnik',
    url: 'https://moravski-vesnik.example/1',
    at: '2026-07-19T08:00:00.000Z',
    title: 'Наслов о пошасти',
    text,
  })
  const sentence = 'Рекао је да су они пошаст и да их треба истерати.'
  const flags = [
    {
      ...flagOf(article, sentence, 'они пошаст и да их', { category: 'dehumanization', severity: 3 }),
      id: '000000e0000000000000',
    },
    {
      ...flagOf(article, sentence, 'да их треба истерати', { category: 'incitement', severity: 4 }),
      id: 'ffffff00000000000000',
    },
    {
      ...flagOf(article, article.title, 'пошасти', {
        category: 'dehumanization',
        severity: 2,
        field: 'title',
      }),
      id: '8888888888888888888a',
    },
  ] as const
  beforeAll(async () => {
    const entries: IndexEntry[] = [
      { kind: 'article', article },
      { kind: 'finding', finding: findingOf(article, 'sr', 'Cyrl', flags) },
    ]
    site = await openSite({ entries })
  })
  afterAll(() => site.close())
  const path = `/items/${article.id}`

  test('marks passages that overlap, each with its number, and loses no letter of the text', async () => {
    const { text: html } = await site.as('viewer').get(`${path}?show=all`)
    for (const n of [1, 2, 3]) expect(html).toContain(`id="s-${n}"`)
    const body = /<div class="text"[^>]*>([\s\S]*?)<p class="toggles">/u.exec(html)![1]!
    const words = body
      .replace(/<summary>[\s\S]*?<\/summary>/gu, '')
      .replaceAll('</div>', ' ')
      .replace(/<[^>]+>/gu, '')
      .replace(/\s+/gu, ' ')
    expect(words.trim()).toBe(text.replace(/\s+/gu, ' '))
    expect(body).toContain('passage 2, 3 covered')
  })

  test('covers a headline that is flagged itself, in the list and in the window title too', async () => {
    const { text: html } = await site.as('viewer').get(path)
    expect(/<title>([^<]*)/u.exec(html)![1]).toBe('Моравски весник, 19 Jul 2026 · Opomena')
    expect(/<h1[\s\S]*?<\/h1>/u.exec(html)![0]).toMatch(/<details class="cover"/u)
    expect((await site.as('viewer').get('/search?q=severity:2')).text).toContain('Headline covered')
    for (const list of ['/search', '/search?q=severity:3', '/search?mode=articles'])
      expect(
        (await site.as('viewer').get(list)).text.replace(/<blockquote[\s\S]*?<\/blockquote>/gu, ''),
        list,
      ).not.toContain('пошасти')
    expect(
      (await site.as('monitor').get('/review')).text.replace(/<blockquote[\s\S]*?<\/blockquote>/gu, ''),
    ).not.toContain('пошасти')
  })

  test('says the language and script of what it quotes', async () => {
    const { text: html } = await site.as('viewer').get(path)
    expect(html).toMatch(/class="text"\s+lang="sr-Cyrl"/u)
    const latin = (await site.as('viewer').get(`${path}?letters=Latn&show=all`)).text
    expect(latin).toMatch(/class="text"\s+lang="sr-Latn"/u)
    expect(latin).toContain('Ćirilica.')
    expect(latin).toContain('istera')
  })

  test('hides how sure the machine is on one passage in ten until the reviewer decided', async () => {
    expect(flags.map(({ id }) => isBlind(id))).toEqual([false, true, false])
    const monitor = site.as('monitor')
    const sure = async (): Promise<number> =>
      readable((await monitor.get(path)).text).match(/\d\d %/gu)?.length ?? 0
    expect(await sure()).toBe(2)
    await monitor.post('/verdicts', { flag: flags[1].id, decision: 'confirmed' })
    expect(await sure()).toBe(3)
    expect(readable((await site.as('viewer').get(path)).text).match(/\d\d %/gu)).toHaveLength(3)
  })

  test('links to the original without telling it who comes', async () => {
    const { text: html } = await site.as('viewer').get(path)
    expect(html).toMatch(
      /href="https:\/\/moravski-vesnik\.example\/1#:~:text=[^"]+"\s+rel="noopener noreferrer nofollow"/u,
    )
  })

  test('that is not there says so', async () => {
    expect((await site.as('viewer').get('/items/nothing')).status).toBe(404)
  })
})
