/** A real Chromium on the whole web, with a record of everything it complained about. */
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { createWebApp } from '../../dashboards/app.ts'
import { serveWeb } from '../../dashboards/serve.ts'
import type { WebServer } from '../../dashboards/serve.ts'
import type { IndexEntry } from '../../core/ports.ts'
import { openSite, PASSWORD } from '../dashboards/site.ts'
import type { Site } from '../dashboards/site.ts'
import type { WebDeps } from '../../dashboards/deps.ts'

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]
/** Where screenshots go when somebody wants to look at them. */
const SHOTS = process.env['OPOMENA_SCREENSHOTS']
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

export interface World {
  readonly site: Site
  readonly url: string
  /** A fresh browser profile; `complaints` is shared by all of them. */
  open(options?: BrowserContextOptions): Promise<BrowserContext>
  /** A page of somebody who has signed in through the form. */
  signedIn(name: string, options?: BrowserContextOptions): Promise<Page>
  /** Errors, warnings and reports of the content security policy, from every page so far. */
  readonly complaints: string[]
  close(): Promise<void>
}

export async function openWorld(entries: readonly IndexEntry[], more: Partial<WebDeps> = {}): Promise<World> {
  const site = await openSite({ entries, ...more })
  const { server, url } = await serve(site)
  const browser = await chromium.launch({
    executablePath: process.env['OPOMENA_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ARGS,
  })
  const complaints: string[] = []
  const open = (options: BrowserContextOptions = {}) => openContext(browser, complaints, options)
  return {
    site,
    url,
    complaints,
    open,
    async signedIn(name, options) {
      const page = await (await open(options)).newPage()
      await page.goto(`${url}/sign-in`)
      await page.fill('main input[name=name]', name)
      await page.fill('input[name=password]', PASSWORD)
      await page.click('main button.primary')
      await page.waitForURL(`${url}/`)
      return page
    },
    async close() {
      await browser.close()
      await server.close()
      await site.close()
    },
  }
}

/** The port is only known once it listens, and the web must know its address: it is opened twice. */
async function serve(site: Site): Promise<{ server: WebServer; url: string }> {
  const probe = await serveWeb(site.app, { host: '127.0.0.1', port: 0 })
  const { port } = probe
  await probe.close()
  const url = `http://127.0.0.1:${port}`
  const server = await serveWeb(createWebApp({ ...site.deps, publicUrl: url }), { host: '127.0.0.1', port })
  return { server, url }
}

async function openContext(
  browser: Browser,
  complaints: string[],
  options: BrowserContextOptions,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  })
  context.setDefaultTimeout(10_000)
  context.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.page()?.url() ?? ''}: ${message.text()}`)
  })
  context.on('weberror', error => complaints.push(String(error.error())))
  return context
}

/** What axe-core finds wrong on the page by WCAG 2.2 A and AA and good practice. Needs a profile with `bypassCSP`. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE })
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>
      }
    }
    const { violations } = await axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 3)
        .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
    )
  })
}

/** Keeps a picture when `OPOMENA_SCREENSHOTS` names a folder. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
