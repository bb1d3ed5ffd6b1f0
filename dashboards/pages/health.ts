/** For whoever watches the machine: alive, and ready. They say names and yes or no, nothing else. */
import { reasonOf } from '../../core/errors.ts'
import type { HealthCheck, WebDeps } from '../deps.ts'
import type { Routes } from '../routes.ts'

export function healthPages(routes: Routes, deps: WebDeps): void {
  routes.get('/healthz', 'anyone', c => c.json({ status: 'ok' }))
  routes.get('/readyz', 'anyone', async c => {
    const checks = [
      await check(deps, 'index', () => deps.reader.span()),
      await check(deps, 'app', async () => deps.store.countUsers()),
      ...((await deps.health?.()) ?? []),
    ]
    const isReady = checks.every(({ ok }) => ok)
    return c.json({ status: isReady ? 'ok' : 'not ready', checks }, isReady ? 200 : 503)
  })
}

async function check({ logger }: WebDeps, name: string, look: () => Promise<unknown>): Promise<HealthCheck> {
  try {
    await look()
    return { name, ok: true }
  } catch (thrown) {
    logger.warn({ check: name, reason: reasonOf(thrown) }, 'not ready')
    return { name, ok: false }
  }
}
