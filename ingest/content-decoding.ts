/** Undoes the content encoding of a response, with a limit on what comes out. */
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { reasonOf } from '../core/errors.ts'
import { Refused } from './address-gate.ts'
import { headerOf } from './http-answer.ts'
import type { HttpAnswer } from './http-answer.ts'
import { Failed } from './http-failure.ts'

// Node before 22.15 has no zstd; the types of this project's Node promise it.
const hasZstd = typeof (zlib as Partial<typeof zlib>).zstdDecompress === 'function'

export const ACCEPTED_ENCODINGS = hasZstd ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br'

type Decompress = (bytes: Uint8Array, limit: number) => Promise<Uint8Array>

const gunzip = promisify(zlib.gunzip)
const inflate = promisify(zlib.inflate)
const inflateRaw = promisify(zlib.inflateRaw)
const brotli = promisify(zlib.brotliDecompress)

const decompressors: Readonly<Record<string, Decompress>> = {
  gzip: (bytes, maxOutputLength) => gunzip(bytes, { maxOutputLength }),
  'x-gzip': (bytes, maxOutputLength) => gunzip(bytes, { maxOutputLength }),
  // Some servers send deflate without the zlib wrapper that the standard asks for.
  deflate: (bytes, maxOutputLength) =>
    hasZlibHeader(bytes) ? inflate(bytes, { maxOutputLength }) : inflateRaw(bytes, { maxOutputLength }),
  br: (bytes, maxOutputLength) => brotli(bytes, { maxOutputLength }),
  ...(hasZstd ? { zstd: unzstd } : {}),
}

function unzstd(bytes: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  // RFC 8878 lets a receiver refuse windows over 8 MiB; without the cap a frame may demand 128 MiB.
  const params = { [zlib.constants.ZSTD_d_windowLogMax]: 23 }
  return promisify(zlib.zstdDecompress)(bytes, { maxOutputLength, params })
}

function hasZlibHeader(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0
}

/** The encodings a response went through, in order; `identity` is none. */
export function encodingsOf({ headers }: Pick<HttpAnswer, 'headers'>): readonly string[] {
  return (headerOf(headers, 'content-encoding') ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '' && name !== 'identity')
}

/**
 * The body in clear, at most `limit` bytes.
 * @throws Refused when more comes out, or the encoding is unknown or not the only one; Failed when the bytes are not
 * what the header says.
 */
export async function bodyInClear(
  answer: Pick<HttpAnswer, 'body' | 'headers'>,
  limit: number,
): Promise<Uint8Array> {
  const encodings = encodingsOf(answer)
  const [encoding, ...more] = encodings
  if (encoding === undefined || answer.body.length === 0) return answer.body
  if (more.length > 0)
    throw new Refused(`more than one content encoding: ${encodings.slice(0, 12).join(', ')}`)
  const decompress = decompressors[encoding]
  if (!decompress) throw new Refused(`unknown content encoding: ${encoding.slice(0, 40)}`)
  try {
    return await decompress(answer.body, limit)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Refused(`body is larger than ${limit} bytes once decompressed`, { cause: thrown })
    }
    throw new Failed(`body is not ${encoding} as its header says: ${reasonOf(thrown)}`)
  }
}
