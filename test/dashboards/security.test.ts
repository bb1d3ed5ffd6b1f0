import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { originalHref, webAddress } from '../../dashboards/passages.ts'
import { localPath } from '../../dashboards/security.ts'
import type { IndexEntry } from '../../core/ports.ts'
import { sourceSchema } from '../../core/source.ts'
import { openSite, PUBLIC_URL } from './site.ts'
import type { Site } from './site.ts'
import { articleOf, findingOf, flagOf } from './world.ts'

/** Each would run, or break out of where it stands, if it were not escaped. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  "'><img src=x onerror=alert(1)>",
  '</title><script>alert(1)</script>',
  '</textarea><script>alert(1)</script>',
  '<svg/onload=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '" onmouseover="alert(1)',
  "' autofocus onfocus='alert(1)",
  '<a href="javascript:alert(1)">x</a>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<!--><script>alert(1)</script>',
  ']]><script>alert(1)</script>',
  '<style>@import "//evil"</style>',
  '<base href="//evil/">',
  '<meta http-equiv=refresh content="0;url=//evil">',
  '<form action=//evil><button>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\u003cscript\u003ealert(1)',
  '<scr\0ipt>alert(1)</scr\0ipt>',
  '<IMG SRC=JaVaScRiPt:alert(1)>',
  '<math><mtext><script>alert(1)</script>',
  '<x hx-get="/sign-out" hx-trigger="load">',
  '<x hx-on:click="alert(1)">',
  '${alert(1)}',
  '{{constructor.constructor("alert(1)")()}}',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '\u202Egnp.exe',
  '<mark>not ours</mark>',
  '%3Cscript%3Ealert(1)%3C/script%3E',
]

let site: Site
const articleIds: string[] = []

beforeAll(async () => {
  const entries = HOSTILE.flatMap((text, at): IndexEntry[] => {
    const id = `a${String(at).padStart(19, '0')}`
    articleIds.push(id)
    const article = articleOf({
      id,
      source: 'evil',
      url:
        at % 2 === 0
          ? `javascript:alert(${at})`
          : `https://evil.example/${encodeURIComponent(text)}"onclick="alert(1)`,
      at: '2026-07-19T08:00:00.000Z',
      title: text,
      lead: text,
      text: `before ${text} after`,
      author: text,
      section: text,
      outletName: text,
    })
    const flag = flagOf(article, `before ${text} after`, text, {
      category: 'denial',
      severity: 3,
      why: text,
      rule: text,
      speaker: text,
      targets: [text],
      event: text,
      indicators: [text],
    })
    return [
      { kind: 'article', article },
      { kind: 'finding', finding: findingOf(article, 'sr', 'Latn', [flag]) },
    ]
  })
  const observation: IndexEntry = {
    kind: 'observation',
    observation: {
      v: 1,
      id: 'o1',
      sourceId: 'evil',
      at: '2026-07-20T08:00:00.000Z',
      of: 'feed',
      kind: 'feed',
      outcome: 'failed',
      seen: 0,
      fates: { published: 0, revised: 0, unchanged: 0, duplicate: 0, refused: 0, failed: 0 },
      items: [],
      warnings: [HOSTILE[0]!],
      reason: HOSTILE[1]!,
    },
  }
  const source = sourceSchema.parse({
    id: 'evil',
    name: HOSTILE[1],
    homepage: 'https://evil.example/',
    country: 'RS',
    languages: ['sr'],
    scripts: ['Latn'],
    kind: 'tabloid',
    remark: HOSTILE[2],
  })
  site = await openSite({ entries: [...entries, observation], sources: [source] })
})
afterAll(() => site.close())

/** Elements and attributes that our pages never have; a page that has one took it from the outside. */
function foreignMarkup(html: string): string[] {
  const found: string[] = []
  for (const [tag, name] of html.matchAll(/<([a-zA-Z][\w:-]*)(?:[^>"']|"[^"]*"|'[^']*')*>/gu)) {
    if (/^(script)$/iu.test(name!) && !/^<script src="\/static\/[\w.]+\?v=\w+" defer>$/u.test(tag))
      found.push(tag)
    if (/^(iframe|base|style|img|math|template|noscript|object|embed|x)$/iu.test(name!)) found.push(tag)
    if (/[\s/]on\w+\s*=|\shx-on|\sstyle\s*=|srcdoc/iu.test(tag.replace(/"[^"]*"/gu, '""'))) found.push(tag)
    for (const [, address] of tag.matchAll(/\s(?:href|action|src|formaction)="([^"]*)"/giu)) {
      if (!/^(\/(?!\/)|#|https?:)/u.test(address!)) found.push(tag)
    }
  }
  return found
}

describe('what comes from outside is shown as text', () => {
  test('the look for foreign markup can see it', () => {
    for (const text of HOSTILE.slice(0, 11))
      expect(
        foreignMarkup(`<p>${text}</p><a title="${text}">x</a><a title='${text}'>x</a>`),
        text,
      ).not.toEqual([])
  })

  for (const path of [
    '/',
    '/search',
    '/search?mode=articles',
    '/review',
    '/review?tab=mine',
    '/sources',
    '/subscriptions',
    '/help',
    '/audit',
  ]) {
    test(`on ${path}`, async () => {
      const { status, text } = await site.as('admin').get(path)
      expect(status).toBe(200)
      expect(foreignMarkup(text)).toEqual([])
    })
  }

  test('on the page of each article', async () => {
    for (const [at, id] of articleIds.entries()) {
      for (const query of ['', '?show=all']) {
        const { status, text } = await site.as('admin').get(`/items/${id}${query}`)
        expect(status, HOSTILE[at]).toBe(200)
        expect(foreignMarkup(text), HOSTILE[at]).toEqual([])
        expect(text).not.toContain('javascript:alert(1)"')
      }
    }
  })

  test('what people type comes back as text', async () => {
    for (const text of HOSTILE) {
      const paths = [
        `/search?q=${encodeURIComponent(text)}`,
        `/search?f=${encodeURIComponent(`target:${text}`)}`,
        `/subscriptions/new?q=${encodeURIComponent(text)}`,
        `/sign-in?to=${encodeURIComponent(text)}`,
        `/items/${encodeURIComponent(text)}`,
        `/review?language=${encodeURIComponent(text)}`,
        `/?from=${encodeURIComponent(text)}`,
      ]
      for (const path of paths) {
        const answer = await site.as('admin').get(path)
        expect(answer.status, path).toBeLessThan(500)
        expect(foreignMarkup(answer.text), path).toEqual([])
      }
      const note = await site
        .as('monitor')
        .post('/verdicts', { flag: (await site.flag()).id, decision: 'unclear', note: text })
      expect(note.status).toBe(303)
    }
    const { text } = await site.as('monitor').get(`/items/${(await site.flag()).article.id}`)
    expect(foreignMarkup(text)).toEqual([])
  })

  test('the capture of a page is handed over as a file that nothing runs', async () => {
    const { headers, text, status } = await site.as('monitor').get(`/items/${articleIds[0]!}/evidence`)
    expect(status).toBe(200)
    expect(text).toContain('<script>')
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f]{16}\.bin"$/u)
    expect(headers.get('content-type')).toBe('application/octet-stream')
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('links', () => {
  for (const address of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example',
    '\\\\evil',
    '',
    'not an address',
  ]) {
    test(`${JSON.stringify(address)} is no link`, () => expect(webAddress(address)).toBeUndefined())
  }
  test('the original opens at the sentence', () => {
    expect(originalHref('https://a.example/x#top', 'two-part word, and more')).toBe(
      'https://a.example/x#:~:text=two%2Dpart%20word%2C%20and%20more',
    )
  })
  for (const [asked, expected] of [
    ['/review?x=1#y', '/review?x=1#y'],
    ['//evil', undefined],
    ['/\\evil', undefined],
    ['https://evil', undefined],
    ['review', undefined],
    [undefined, undefined],
    ['/a\nb', undefined],
  ] as const) {
    test(`${JSON.stringify(asked)} as a way back is ${JSON.stringify(expected)}`, () =>
      expect(localPath(asked, PUBLIC_URL)).toBe(expected))
  }
})

describe('headers', () => {
  test('of a page behind the sign-in', async () => {
    const { headers } = await site.as('viewer').get('/help')
    const policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
    })
  })
  test('errors have them too', async () => {
    const { headers, status } = await site.anonymous().get('/nowhere')
    expect(status).toBe(404)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
  })
})

describe('a request that changes something', () => {
  for (const [name, headers, accepted] of [
    ['from our own page', { 'Sec-Fetch-Site': 'same-origin' }, true],
    ['typed by the person', { 'Sec-Fetch-Site': 'none' }, true],
    ['from an old browser on our page', { Origin: PUBLIC_URL }, true],
    ['from a sister site', { 'Sec-Fetch-Site': 'same-site' }, false],
    ['from another site', { 'Sec-Fetch-Site': 'cross-site' }, false],
    ['from another site that says it is ours', { 'Sec-Fetch-Site': 'cross-site', Origin: PUBLIC_URL }, false],
    ['from another origin', { Origin: 'https://evil.example' }, false],
    ['from a sandboxed frame', { Origin: 'null' }, false],
    ['that says nothing', {}, false],
  ] as const) {
    test(`${name} is ${accepted ? 'taken' : 'refused'}`, async () => {
      const answer = await site.as('monitor').post('/review/break', {}, headers)
      expect(answer.status).toBe(accepted ? 303 : 403)
    })
  }

  for (const type of [
    'text/plain',
    'application/json',
    'application/json\ta',
    'multipart/form-data; boundary=x',
    '',
  ]) {
    test(`as ${JSON.stringify(type)} is not read`, async () => {
      const answer = await site
        .as('monitor')
        .post('/verdicts', { flag: 'x' }, { 'Sec-Fetch-Site': 'same-origin', 'Content-Type': type })
      expect(answer.status).toBe(422)
    })
  }

  test('of more than 64 kB is refused', async () => {
    const answer = await site.as('monitor').post('/verdicts', { note: 'x'.repeat(70_000) })
    expect(answer.status).toBe(413)
  })
})
