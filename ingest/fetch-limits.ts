/** How much of a site's time and bytes one request may take. */
const MIB = 1024 * 1024

export interface FetchLimits {
  readonly connectMs: number
  readonly headersMs: number
  /** Longest silence inside a body. */
  readonly idleMs: number
  /** All hops of one request together, without the waiting in line. */
  readonly wholeMs: number
  /** Body as it comes, when it is compressed. */
  readonly compressedBytes: number
  /** Bodies in clear. */
  readonly feedBytes: number
  readonly pageBytes: number
}

export const FETCH_LIMITS: FetchLimits = {
  connectMs: 10_000,
  headersMs: 15_000,
  idleMs: 10_000,
  wholeMs: 30_000,
  compressedBytes: 8 * MIB,
  feedBytes: 15 * MIB,
  pageBytes: 5 * MIB,
}

export const MAX_HEADER_BYTES = 16 * 1024
/** Time one address of a host gets before the next is tried. */
export const NEXT_ADDRESS_MS = 2_000
