/** Parsing in child processes: no document stops the rest. */
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parsePool } from '../../ingest/parse-pool.ts'

const hints = { url: 'https://outlet.example/x' }
const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('documents', () => {
  const pool = parsePool({ size: 2 })
  afterAll(() => pool.close())

  test('of every kind are parsed, many at once', async () => {
    const [feed, page, listing, sitemap] = await Promise.all([
      pool.feed(
        bytes('<rss version="2.0"><channel><title>x</title><item><title>A</title></item></channel></rss>'),
        hints,
      ),
      pool.page(bytes(`<title>B</title><p>${'Dovoljno dug tekst, sa zarezom. '.repeat(20)}</p>`), hints),
      pool.listing(bytes('<a class="v" href="/1">C</a>'), { ...hints, selector: 'a.v' }),
      pool.sitemap(bytes('<urlset><url><loc>https://outlet.example/1</loc></url></urlset>'), hints),
    ])
    expect(feed).toMatchObject({ ok: true, value: { items: [{ title: 'A' }] } })
    expect(page).toMatchObject({ ok: true, value: { title: 'B', how: 'content-scoring' } })
    expect(listing).toMatchObject({ ok: true, value: [{ url: 'https://outlet.example/1', title: 'C' }] })
    expect(sitemap).toMatchObject({ ok: true, value: { entries: [{ url: 'https://outlet.example/1' }] } })
  })

  test('that cannot be parsed answer with the reason', async () => {
    expect(await pool.feed(bytes('<html></html>'), hints)).toEqual({
      ok: false,
      reason: 'expected a feed, came a web page (HTML)',
    })
    expect(await pool.sitemap(bytes('x'), hints)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('expected a sitemap'),
    })
    expect(await pool.listing(bytes('<p>x</p>'), { ...hints, selector: 'a[[' })).toMatchObject({ ok: false })
  })
})

describe('a process that', () => {
  const worker = join(import.meta.dirname, '../fixtures/workers/bad-worker.ts')
  const pool = parsePool({ size: 1, timeoutMs: 300, recycleAfter: 3, memoryMb: 64, worker })
  afterAll(() => pool.close())
  const pid = async (): Promise<number> => {
    const answer = await pool.page(bytes('fine'), hints)
    return answer.ok ? (answer.value as unknown as { pid: number }).pid : -1
  }

  test('hangs is killed, says so, and the next document is parsed by another', async () => {
    const before = await pid()
    expect(await pool.page(bytes('hang'), hints)).toEqual({
      ok: false,
      reason: 'parsing took longer than 0.3 s',
    })
    const after = await pid()
    expect(after).toBeGreaterThan(0)
    expect(after).not.toBe(before)
    expect(() => process.kill(before, 0)).toThrow()
  })
  test('dies says so', async () => {
    expect(await pool.page(bytes('die'), hints)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('died'),
    })
    expect(await pid()).toBeGreaterThan(0)
  })
  test('answers nonsense is not believed', async () => {
    expect(await pool.page(bytes('nonsense'), hints)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('nonsense'),
    })
    await pool.page(bytes('fine'), hints)
  })
  test('eats memory ends alone', async () => {
    const greedy = parsePool({ size: 1, timeoutMs: 10_000, memoryMb: 32, worker })
    expect(await greedy.page(bytes('eat'), hints)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('died'),
    })
    await greedy.close()
  })
  test('has parsed its share is replaced', async () => {
    const fresh = parsePool({ size: 1, recycleAfter: 2, worker })
    const pids: number[] = []
    for (let n = 0; n < 4; n++) {
      const answer = await fresh.page(bytes('fine'), hints)
      if (answer.ok) pids.push((answer.value as unknown as { pid: number }).pid)
    }
    await fresh.close()
    expect(pids[0]).toBe(pids[1])
    expect(pids[2]).toBe(pids[3])
    expect(pids[1]).not.toBe(pids[2])
  })
  test('is closed leaves nobody waiting', async () => {
    const closing = parsePool({ size: 1, worker })
    const answers = [closing.page(bytes('fine'), hints), closing.page(bytes('fine'), hints)]
    await closing.close()
    for (const answer of await Promise.all(answers)) expect(answer.ok).toBe(false)
    expect(await closing.page(bytes('fine'), hints)).toEqual({ ok: false, reason: 'parsing has ended' })
  })
})
