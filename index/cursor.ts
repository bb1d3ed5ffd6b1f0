/** Cursors of listings: the place of the last item, opaque to whoever hands them back. */
import { BadCursor } from '../core/errors.ts'
import type { PageRequest } from '../core/ports.ts'

/** Where a listing stopped: time in milliseconds, then id. */
export interface Place {
  readonly at: number
  readonly id: string
}

type Listing = 'flags' | 'articles'

export function cursorAt(listing: Listing, { order = 'newest' }: PageRequest, { at, id }: Place): string {
  return Buffer.from(JSON.stringify([listing, order, at, id])).toString('base64url')
}

/** @throws BadCursor when the cursor is not one of this listing in this order. */
export function placeOf(listing: Listing, { cursor, order = 'newest' }: PageRequest): Place | undefined {
  if (cursor === undefined) return undefined
  const [cursorListing, cursorOrder, at, id] = parse(cursor)
  if (
    cursorListing !== listing ||
    cursorOrder !== order ||
    !Number.isSafeInteger(at) ||
    typeof id !== 'string'
  ) {
    throw new BadCursor(
      `expected a cursor of ${listing}, ${order} first, as the page before gave it; start again from the first page`,
    )
  }
  return { at: at as number, id }
}

function parse(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

const LONGEST_PAGE = 1_000

/** @throws RangeError when a page of that size is not served. */
export function limitOf({ limit }: PageRequest): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LONGEST_PAGE) return limit
  throw new RangeError(`expected a page of 1 to ${LONGEST_PAGE} items, got ${limit}`)
}
