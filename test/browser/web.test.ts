import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { articleOf, findingOf, flagOf, invent } from '../dashboards/world.ts'
import type { IndexEntry } from '../../core/ports.ts'
import { accessibilityFaults, openWorld, shoot } from './chromium.ts'
import type { World } from './chromium.ts'

const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script><style>body{display:none}</style>'

// Expressions for the browser are text: this project is checked without the types of the DOM.
const SMALL_TARGETS = `[...document.querySelectorAll('button, select, input:not([type=hidden], [type=checkbox], [type=radio]), nav a, summary, .button')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height > 0 && one.getBoundingClientRect().height < 24)
  .map(one => one.outerHTML.slice(0, 120))`

let world: World
beforeAll(async () => {
  const article = articleOf({
    id: 'hostilehostile000001',
    source: 'drina-glas',
    url: 'https://drina-glas.example/x',
    at: '2026-07-19T08:00:00.000Z',
    title: HOSTILE,
    text: `Prije. ${HOSTILE} Poslije.`,
    author: HOSTILE,
    outletName: HOSTILE,
  })
  const flag = flagOf(article, HOSTILE, HOSTILE, {
    category: 'slur',
    severity: 5,
    why: HOSTILE,
    speaker: HOSTILE,
    targets: [HOSTILE],
  })
  const entries: IndexEntry[] = [
    ...invent({ now: new Date('2026-07-20T10:00:00Z'), days: 40, articlesADay: 24, flaggedIn: 8 }),
    { kind: 'article', article },
    { kind: 'finding', finding: findingOf(article, 'bs', 'Latn', [flag]) },
  ]
  world = await openWorld(entries, { demo: true })
})
afterAll(() => world.close())
afterEach(() => {
  expect(world.complaints.splice(0)).toEqual([])
})

const PAGES = [
  '/',
  '/?by=status&days=90',
  '/search',
  '/search?mode=articles&q=doli*',
  '/review',
  '/review?tab=second',
  '/review?tab=mine',
  '/items/hostilehostile000001',
  '/items/hostilehostile000001?show=all',
  '/sources',
  '/subscriptions',
  '/subscriptions/new',
  '/account',
  '/users',
  '/audit',
  '/help',
  '/items/not-there',
  '/search?q=(broken',
]

describe('every page', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`has no fault that axe-core finds, in ${colorScheme}`, async () => {
      const page = await world.signedIn('admin', { bypassCSP: true, colorScheme })
      const out = await (await world.open({ bypassCSP: true, colorScheme })).newPage()
      await out.goto(`${world.url}/sign-in`)
      expect(await accessibilityFaults(out)).toEqual([])
      await shoot(out, `${colorScheme}-sign-in`)
      for (const path of PAGES) {
        await page.goto(world.url + path)
        expect(await accessibilityFaults(page), path).toEqual([])
        await shoot(page, `${colorScheme}${path.replaceAll(/\W+/gu, '-')}`)
      }
      await page.context().close()
      world.complaints.splice(0)
    })
  }

  test('loads under its own policy without a report, and runs nothing from an article', async () => {
    const page = await world.signedIn('admin')
    let dialogs = 0
    page.on('dialog', dialog => {
      dialogs++
      void dialog.dismiss()
    })
    for (const path of PAGES) {
      const answer = await page.goto(world.url + path)
      expect(await page.locator('main').isVisible(), path).toBe(true)
      // The browser itself reports an answer of 4xx on its console.
      if (answer!.status() >= 400) world.complaints.splice(0)
    }
    expect(dialogs).toBe(0)
    expect(world.complaints).toEqual([])
  })

  test('fits a small window, and every target is at least 24 pixels tall', async () => {
    const page = await world.signedIn('admin', { viewport: { width: 360, height: 740 } })
    for (const path of PAGES.slice(0, 16)) {
      await page.goto(world.url + path)
      expect(
        await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
        path,
      ).toBeLessThanOrEqual(0)
      const small = await page.evaluate(SMALL_TARGETS)
      expect(small, path).toEqual([])
    }
    await shoot(page, 'small')
  })
})

describe('a reviewer with the keyboard', () => {
  const cards = (page: Page) => page.locator('[data-card]:not([data-decided])')
  const currentId = (page: Page) => page.locator('[data-card].current').getAttribute('id')

  test('moves, reveals, decides in place and takes it back', async () => {
    const page = await world.signedIn('monitor')
    await page.goto(`${world.url}/review`)
    const total = await cards(page).count()
    const first = await currentId(page)
    await page.keyboard.press('j')
    const second = await currentId(page)
    expect(second).not.toBe(first)
    await page.keyboard.press('k')
    expect(await currentId(page)).toBe(first)

    const quote = page.locator(`[id="${first}"] blockquote`)
    expect(await quote.isVisible()).toBe(false)
    await page.keyboard.press('v')
    expect(await quote.isVisible()).toBe(true)
    await page.keyboard.press('v')
    expect(await quote.isVisible()).toBe(false)

    await page.waitForTimeout(400)
    await page.keyboard.press('3')
    await page.locator(`#done-${first}[data-decided]`).waitFor()
    expect(await cards(page).count()).toBe(total - 1)
    expect(await currentId(page)).toBe(second)
    expect(await page.locator(`#done-${first}`).innerText()).toContain('Not hate')
    await world.site.relay()
    expect((await world.site.reader.flag(first!))?.standing.status).toBe('not-hate')

    await page.keyboard.press('u')
    await page.waitForURL(`${world.url}/review`)
    await page.locator(`[id="${first}"]:not([data-decided])`).waitFor()
    await world.site.relay()
    expect((await world.site.reader.flag(first!))?.standing.status).toBe('pending')
    await page.context().close()
  })

  test('opens an item with Enter, decides there, and comes to the next', async () => {
    const page = await world.signedIn('colleague')
    await page.goto(`${world.url}/review`)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/items\//u)
    const before = page.url()
    await shoot(page, 'item-covered')
    const passage = page.locator('.text mark, h1 mark').first()
    expect(await passage.isVisible()).toBe(false)
    await page.keyboard.press('v')
    expect(await passage.isVisible()).toBe(true)
    await shoot(page, 'item-revealed')
    await page.keyboard.press('n')
    await page.keyboard.type('1 j v: letters in a note are letters')
    expect(page.url()).toBe(before)
    await page.locator('[data-card].current').press('Escape')
    await page.evaluate('document.activeElement.blur()')
    await page.waitForTimeout(400)
    await page.keyboard.press('1')
    await page.waitForURL(url => url.href !== before && url.pathname.startsWith('/items/'))
    expect(await page.locator('.notice').first().innerText()).toContain('Recorded: Confirmed')
    await page.context().close()
  })

  test('has the same keys on a Cyrillic layout', async () => {
    const page = await world.signedIn('monitor')
    await page.goto(`${world.url}/review`)
    const first = await currentId(page)
    const press = (key: string, code: string) =>
      page.evaluate(
        `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', code: '${code}', bubbles: true }))`,
      )
    await press('ј', 'KeyJ')
    expect(await currentId(page)).not.toBe(first)
    await press('к', 'KeyK')
    expect(await currentId(page)).toBe(first)
    await press('в', 'KeyV')
    expect(await page.locator(`[id="${first}"] blockquote`).isVisible()).toBe(true)
    await page.context().close()
  })

  test('does not decide twice when a key is held or pressed again at once', async () => {
    const page = await world.signedIn('monitor')
    await page.goto(`${world.url}/review`)
    const total = await cards(page).count()
    await page.waitForTimeout(400)
    await page.keyboard.press('4')
    await page.keyboard.press('4')
    await page.locator('[data-decided]').first().waitFor()
    await page.keyboard.press('4')
    await page.waitForTimeout(300)
    expect(await cards(page).count()).toBe(total - 1)
    await page.context().close()
  })

  test('can turn the keys off', async () => {
    const page = await world.signedIn('lead')
    await page.goto(`${world.url}/account`)
    await page.uncheck('input[name=keys]')
    await page.click('form[action="/account/settings"] button')
    await page.goto(`${world.url}/review`)
    const first = await currentId(page)
    for (const key of ['j', '1', 'v', '?']) await page.keyboard.press(key)
    expect(await currentId(page)).toBe(first)
    expect(await page.locator('[data-decided], dialog[open], details.cover[open]').count()).toBe(0)
    await page.context().close()
  })

  test('sees the keys with ?, and closes them with Escape', async () => {
    const page = await world.signedIn('monitor')
    await page.goto(`${world.url}/review`)
    await page.keyboard.press('?')
    expect(await page.locator('dialog').isVisible()).toBe(true)
    await shoot(page, 'keys')
    await page.keyboard.press('Escape')
    expect(await page.locator('dialog').isVisible()).toBe(false)
    await page.keyboard.press('/')
    expect(await page.evaluate('document.activeElement.name')).toBe('q')
    await page.context().close()
  })
})

describe('without JavaScript', () => {
  test('one signs in, reveals, decides, undoes and searches', async () => {
    const page = await world.signedIn('monitor', { javaScriptEnabled: false })
    await page.goto(`${world.url}/review`)
    const card = page.locator('[data-card]').first()
    const id = (await card.getAttribute('id'))!
    await card.locator('summary').first().click()
    expect(await card.locator('blockquote').isVisible()).toBe(true)
    await card.locator('button[value=unclear]').click()
    expect(await page.locator('.notice').first().innerText()).toContain('Recorded: Unclear')
    expect(await page.locator(`[id="${id}"]`).count()).toBe(0)
    await page.click('.notice button:text("Undo")')
    await page.locator(`[id="${id}"]`).waitFor()

    await page.locator(`[id="${id}"] button:text("Open the article")`).click()
    await page.waitForURL(/\/items\//u)
    await page.click('a:text("Reveal all passages")')
    expect(await page.locator('.reading mark').first().isVisible()).toBe(true)

    await page.goto(`${world.url}/search?q=category:denial`)
    await page.click('nav[aria-label=Pages] a[rel=next]')
    expect(await page.locator('[data-card]').count()).toBeGreaterThan(0)
    await page.goto(`${world.url}/`)
    expect(await page.locator('svg.chart').count()).toBeGreaterThanOrEqual(3)
    await page.click('button:text("Sign out")')
    await page.waitForURL(`${world.url}/sign-in`)
    await page.goto(`${world.url}/review`)
    expect(page.url()).toContain('/sign-in?to=')
    await page.context().close()
  })
})

describe('the cookie', () => {
  test('is kept by the browser on this machine, out of reach of scripts', async () => {
    const page = await world.signedIn('viewer')
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({
      name: '__Host-sid',
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
      path: '/',
    })
    expect(await page.evaluate('document.cookie')).toBe('')
    await page.context().close()
  })
})

describe('printed', () => {
  test('the overview is a document: charts and numbers, no buttons', async () => {
    const page = await world.signedIn('viewer')
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('svg.chart').first().isVisible()).toBe(true)
    for (const selector of ['.top', '.filters', 'button'])
      expect(await page.locator(selector).first().isVisible(), selector).toBe(false)
    expect((await page.pdf()).length).toBeGreaterThan(10_000)
    await page.context().close()
  })
})
