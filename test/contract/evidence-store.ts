/** Contract of the EvidenceStore port: what goes in comes out byte for byte, lasts, and cannot change unnoticed. */
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sha256 } from '../../core/hash.ts'
import type { Capture, EvidenceFault, EvidenceStore } from '../../core/ports.ts'
import { fieldOf, readWarc } from '../../ingest/warc.ts'
import { capture } from './evidence-capture.ts'

export interface EvidenceAdapter {
  readonly name: string
  /** One empty store; every `open` is another process that uses it. */
  create(): Promise<{ open(): Promise<EvidenceStore>; destroy(): Promise<void> }>
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

export function evidenceStoreContract(adapter: EvidenceAdapter): void {
  describe(`EvidenceStore on ${adapter.name}`, () => {
    let place: Awaited<ReturnType<EvidenceAdapter['create']>>
    let store: EvidenceStore
    beforeEach(async () => {
      place = await adapter.create()
      store = await place.open()
    })
    afterEach(async () => {
      await store.close()
      await place.destroy()
    })

    const faults = (): Promise<EvidenceFault[]> => collect(store.verify())
    const exported = (...hashes: string[]): Promise<Uint8Array[]> => collect(store.exportWarc(hashes))

    test('gives back what was put, byte for byte', async () => {
      const body = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256)
      const put = capture({ body, redirects: [{ status: 301, location: 'https://glas.example/b' }] })
      const ref = await store.put(put)
      expect(ref).toEqual({
        rawHash: sha256(body),
        bytes: 70_000,
        status: 200,
        headersHash: sha256(JSON.stringify(put.headers)),
      })
      const { storedAt, body: back, ...rest } = (await store.get(ref.rawHash))!
      expect(Buffer.from(back).equals(body)).toBe(true)
      expect(Date.parse(storedAt)).not.toBeNaN()
      expect({ ...rest, body }).toEqual({ ...put, ref })
    })

    test('an imported item has no status and no headers', async () => {
      const bare = importedItem()
      const ref = await store.put(bare)
      expect(ref).toEqual({ rawHash: sha256('Vijest dana.'), bytes: 12 })
      expect(await store.get(ref.rawHash)).not.toHaveProperty('status')
    })

    test('an empty body is evidence too', async () => {
      const ref = await store.put(capture({ text: '' }))
      expect((await store.get(ref.rawHash))?.body.length).toBe(0)
    })

    test('what was never put is not there', async () => {
      expect(await store.get(sha256('nothing'))).toBeUndefined()
    })

    test('is there for another process, and after closing', async () => {
      const ref = await store.put(capture())
      const other = await place.open()
      expect((await other.get(ref.rawHash))?.url).toBe('https://glas.example/vijest')
      await other.close()
      await store.close()
      store = await place.open()
      expect((await store.get(ref.rawHash))?.url).toBe('https://glas.example/vijest')
    })

    test('the same capture twice is stored once; the same bytes from elsewhere are a capture of their own', async () => {
      const refs = await store.putAll([
        capture(),
        capture(),
        capture({ url: 'https://drugi.example/vijest' }),
        capture({ startedAt: '2026-11-02T11:00:00.000Z' }),
      ])
      expect(new Set(refs.map(({ rawHash }) => rawHash)).size).toBe(1)
      const responses = (await collect(readWarc(from(await exported(refs[0]!.rawHash))))).filter(
        ({ fields }) => fieldOf(fields, 'WARC-Type') === 'response',
      )
      expect(responses).toHaveLength(3)
    })

    test('the first capture answers, also when it was put last and in another month', async () => {
      const [ref] = await store.putAll([
        capture({ startedAt: '2026-12-01T00:00:00.000Z' }),
        capture({ startedAt: '2026-11-30T23:59:59.999Z' }),
        capture({ startedAt: '2026-10-05T00:00:00.000Z' }),
      ])
      expect((await store.get(ref!.rawHash))?.startedAt).toBe('2026-10-05T00:00:00.000Z')
    })

    test('putAll answers in order and keeps all', async () => {
      const many = Array.from({ length: 500 }, (_, n) =>
        capture({ text: `Vijest broj ${n}`, startedAt: `2026-${n % 2 ? '10' : '11'}-02T10:00:00.000Z` }),
      )
      const refs = await store.putAll(many)
      expect(refs.map(({ rawHash }) => rawHash)).toEqual(many.map(({ body }) => sha256(body)))
      for (const { rawHash } of refs) expect(await store.get(rawHash)).toBeDefined()
      expect(await faults()).toEqual([])
    })

    test('a capture without a real time is refused, and nothing of its batch is kept', async () => {
      await expect(store.putAll([capture(), capture({ startedAt: 'yesterday' })])).rejects.toThrow(
        'yesterday',
      )
      expect(await store.get(sha256('Vijest dana.'))).toBeUndefined()
    })

    test('deleting takes the bytes and the manifest, leaves the rest whole, and is done once', async () => {
      const [gone, stays] = await store.putAll([
        capture(),
        capture({ text: 'Druga vijest.' }),
        capture({ startedAt: '2026-12-02T10:00:00.000Z' }),
      ])
      expect(await store.delete(gone!.rawHash, 'asked for by the person named')).toBe(true)
      expect(await store.get(gone!.rawHash)).toBeUndefined()
      expect(await exported(gone!.rawHash)).toHaveLength(1)
      expect(await store.get(stays!.rawHash)).toBeDefined()
      expect(await faults()).toEqual([])
      expect(await store.delete(gone!.rawHash, 'again')).toBe(false)
      expect(await store.delete(sha256('nothing'), 'never there')).toBe(false)
    })

    test('what was deleted does not come back when it is fetched again', async () => {
      const { rawHash } = await store.put(capture())
      await store.delete(rawHash, 'asked for')
      const again = await store.put(capture({ startedAt: '2027-01-02T10:00:00.000Z' }))
      expect(again.rawHash).toBe(rawHash)
      expect(await store.get(rawHash)).toBeUndefined()
    })

    test('an export is WARC 1.1, one gzip member a record, and says all there is to say', async () => {
      const put = capture({
        redirects: [{ status: 302, location: 'https://glas.example/nova?a=1' }],
        headers: [
          ['Content-Type', 'text/html'],
          ['Transfer-Encoding', 'chunked'],
        ],
      })
      const ref = await store.put(put)
      const members = await exported(ref.rawHash)
      for (const member of members) expect(gunzipSync(member).toString()).toMatch(/^WARC\/1\.1\r\n/)
      const records = await collect(readWarc(from(members)))
      expect(records.map(({ fields }) => fieldOf(fields, 'WARC-Type'))).toEqual([
        'warcinfo',
        'response',
        'request',
        'metadata',
      ])
      const [, response, request, metadata] = records
      expect(Object.fromEntries(response!.fields)).toMatchObject({
        'WARC-Target-URI': 'https://glas.example/nova?a=1',
        'WARC-Date': '2026-11-02T10:00:00.123Z',
        'WARC-IP-Address': '203.0.113.7',
        'WARC-Payload-Digest': `sha256:${ref.rawHash}`,
        'Content-Type': 'application/http; msgtype=response',
      })
      expect(Buffer.from(response!.block).toString()).toBe(
        'HTTP/1.1 200 \r\nContent-Type: text/html\r\nX-Orig-Transfer-Encoding: chunked\r\n\r\nVijest dana.',
      )
      expect(Buffer.from(request!.block).toString()).toBe(
        'GET /nova?a=1 HTTP/1.1\r\nhost: glas.example\r\n\r\n',
      )
      expect(fieldOf(request!.fields, 'WARC-Concurrent-To')).toBe(fieldOf(response!.fields, 'WARC-Record-ID'))
      const manifest = JSON.parse(Buffer.from(metadata!.block).toString()) as object
      expect(manifest).toMatchObject({ url: put.url, headers: put.headers, redirects: put.redirects, ref })
    })

    test('an imported item is exported as a resource', async () => {
      const bare = importedItem()
      const { rawHash } = await store.put(bare)
      const records = await collect(readWarc(from(await exported(rawHash))))
      expect(fieldOf(records[1]!.fields, 'WARC-Type')).toBe('resource')
      expect(Buffer.from(records[1]!.block).toString()).toBe('Vijest dana.')
    })

    test('an export that was cut or changed is not taken for whole', async () => {
      const { rawHash } = await store.put(capture())
      const whole = Buffer.concat(await exported(rawHash))
      for (const cut of [1, 9, 40]) {
        await expect(collect(readWarc(from([whole.subarray(0, -cut)])))).rejects.toThrow(
          /WARC: [34] whole records, then/,
        )
      }
      const [first, ...others] = await exported(rawHash)
      const changed = others.map(member => Buffer.from(gunzipSync(member).toString().replace('dana', 'noći')))
      await expect(collect(readWarc(from([first!, ...changed])))).rejects.toThrow('WARC')
    })
  })
}

/** What an import knows of an item: no exchange over HTTP. */
function importedItem(): Capture {
  const { url, sourceId, body, startedAt, endedAt } = capture()
  return { url, sourceId, body, startedAt, endedAt, headers: [], requestHeaders: [], redirects: [] }
}

export async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
