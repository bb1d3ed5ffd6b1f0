/** WARC 1.1: writes captures as records, one gzip member each, and reads an export back to check it. */
import { Readable, pipeline } from 'node:stream'
import { createGunzip, gzipSync } from 'node:zlib'
import { Quarantine, reasonOf } from '../core/errors.ts'
import { sha256 } from '../core/hash.ts'
import type { Evidence } from '../core/ports.ts'

export interface WarcRecord {
  /** Header fields in order; names as written. */
  readonly fields: readonly (readonly [string, string])[]
  readonly block: Uint8Array
}

/** A `warcinfo` record, then for each capture a response, its request and its manifest. */
export async function* warcOf(captures: AsyncIterable<Evidence>, now: Date): AsyncGenerator<Uint8Array> {
  yield member(infoRecord(now))
  for await (const capture of captures) {
    for (const record of recordsOf(capture)) yield member(record)
  }
}

function infoRecord(now: Date): WarcRecord {
  const block = Buffer.from('software: Opomena\r\nformat: WARC File Format 1.1\r\n')
  const date = now.toISOString()
  return record('warcinfo', idFor('warcinfo', date), date, block, [
    ['Content-Type', 'application/warc-fields'],
  ])
}

function recordsOf(capture: Evidence): WarcRecord[] {
  const { startedAt } = capture
  // The address whose bytes these are: the last one of the way.
  const target = ['WARC-Target-URI', asciiUrl(capture.redirects.at(-1)?.location ?? capture.url)] as const
  const id = (part: string): string => idFor(part, capture.ref.rawHash, capture.url, startedAt)
  const main = capture.status === undefined ? 'resource' : 'response'
  const together = ['WARC-Concurrent-To', id(main)] as const
  const payload = ['WARC-Payload-Digest', `sha256:${capture.ref.rawHash}`] as const
  const address = capture.address === undefined ? [] : [['WARC-IP-Address', capture.address] as const]
  const { body, ...manifest } = capture
  const metadata = record('metadata', id('metadata'), startedAt, Buffer.from(JSON.stringify(manifest)), [
    target,
    together,
    ['Content-Type', 'application/json'],
  ])
  if (main === 'resource') {
    const fields = [target, payload, ['Content-Type', 'application/octet-stream'] as const]
    return [record('resource', id('resource'), startedAt, body, fields), metadata]
  }
  const http = (kind: string) => ['Content-Type', `application/http; msgtype=${kind}`] as const
  return [
    record('response', id('response'), startedAt, responseBlock(capture), [
      target,
      payload,
      ...address,
      http('response'),
    ]),
    record('request', id('request'), startedAt, requestBlock(capture), [target, together, http('request')]),
    metadata,
  ]
}

function responseBlock({ status, headers, body }: Evidence): Uint8Array {
  // The bytes are kept without their chunks; a header that promises chunks would make readers look for them.
  const lines = headers.map(([name, value]) =>
    name.toLowerCase() === 'transfer-encoding' ? `X-Orig-${name}: ${value}` : `${name}: ${value}`,
  )
  return Buffer.concat([headBytes([`HTTP/1.1 ${status ?? ''} `, ...lines]), body])
}

function requestBlock({ redirects, requestHeaders, url }: Evidence): Uint8Array {
  const target = URL.parse(redirects.at(-1)?.location ?? url)
  const path = target ? target.pathname + target.search : '/'
  return headBytes([`GET ${path} HTTP/1.1`, ...requestHeaders.map(([name, value]) => `${name}: ${value}`)])
}

function headBytes(lines: readonly string[]): Buffer {
  // One character is one byte, as the headers came.
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

function record(
  type: string,
  id: string,
  date: string,
  block: Uint8Array,
  more: WarcRecord['fields'],
): WarcRecord {
  return {
    fields: [
      ['WARC-Type', type],
      ['WARC-Record-ID', id],
      ['WARC-Date', date],
      ...more,
      ['WARC-Block-Digest', `sha256:${sha256(block)}`],
      ['Content-Length', String(block.length)],
    ],
    block,
  }
}

function member({ fields, block }: WarcRecord): Uint8Array {
  const head = ['WARC/1.1', ...fields.map(([name, value]) => `${name}: ${value}`)].join('\r\n')
  return gzipSync(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), block, Buffer.from('\r\n\r\n')]))
}

/** The same parts give the same id, so that two exports of one capture are equal. */
function idFor(...parts: readonly string[]): string {
  const hex = sha256(JSON.stringify(parts))
  // Version 8 (RFC 9562): the bits are ours to choose.
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return `<urn:uuid:${groups.join('-')}>`
}

/** A line break in an address of an import would begin a field of its own. */
function asciiUrl(url: string): string {
  return URL.parse(url)?.href ?? encodeURI(url)
}

/**
 * Reads an export record by record and checks lengths and digests; a file cut anywhere is noticed.
 * @throws Quarantine saying how many records hold.
 */
export async function* readWarc(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<WarcRecord> {
  let rest: Buffer = Buffer.alloc(0)
  let count = 0
  try {
    // Large pieces, because each is joined to what is left of the one before.
    const clear = createGunzip({ chunkSize: 1024 * 1024 })
    pipeline(Readable.from(chunks), clear, () => undefined)
    for await (const chunk of clear as AsyncIterable<Buffer>) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      for (let read = firstRecord(rest); read; read = firstRecord(rest)) {
        yield checked(read.record)
        count += 1
        rest = rest.subarray(read.size)
      }
    }
  } catch (thrown) {
    throw new Quarantine(`WARC: ${count} whole records, then: ${reasonOf(thrown)}`, { cause: thrown })
  }
  if (rest.length > 0) throw new Quarantine(`WARC: ${count} whole records, then one that is cut off`)
}

function firstRecord(bytes: Buffer): { record: WarcRecord; size: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const [version, ...lines] = bytes.toString('utf8', 0, headEnd).split('\r\n')
  if (version !== 'WARC/1.1') throw new Error(`expected WARC/1.1, got ${String(version).slice(0, 40)}`)
  const fields = lines.map(line => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const
  })
  const start = headEnd + 4
  const end = start + Number(fieldOf(fields, 'Content-Length'))
  const size = end + 4
  if (bytes.length < size) return undefined
  return { record: { fields, block: bytes.subarray(start, end) }, size }
}

function checked(record: WarcRecord): WarcRecord {
  const expected = fieldOf(record.fields, 'WARC-Block-Digest')
  const came = `sha256:${sha256(record.block)}`
  if (expected === came) return record
  throw new Error(`expected a record with digest ${expected ?? '(none)'}, got ${came}`)
}

export function fieldOf(fields: WarcRecord['fields'], name: string): string | undefined {
  return fields.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}
