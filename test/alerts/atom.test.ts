/** The Atom feed, read back by a parser that is not ours. */
import { parseAtomFeed } from 'feedsmith'
import { describe, expect, test } from 'vitest'
import { renderAtom } from '../../alerts/atom.ts'
import { document } from '../documents.ts'
import { PUBLIC_URL, subscription } from './samples.ts'

const one = document({ id: 'flag-1', article: { id: 'article-1', url: 'https://hateful.example/1' } })
const other = document({
  id: 'flag-2',
  severity: 5,
  standing: { status: 'confirmed', waitingForSecond: false, disagreement: false },
})
const xml = renderAtom(subscription({ name: 'Doline & <gore>' }), [one, other], PUBLIC_URL)
const feed = parseAtomFeed(xml)

describe('the feed of a subscription', () => {
  test('has a title, an id that stays, and a time', () => {
    expect(xml).toContain('<title>')
    expect(feed.title?.value).toBe('Opomena: Doline & <gore>')
    expect(feed.id).toBe('urn:opomena:subscription:sub-1')
    expect(feed.updated).toBe('2026-07-11T08:05:00.000Z')
  })
  test('has an entry a flag, with an id that stays, a neutral title and a link behind sign-in', () => {
    expect(feed.entries?.map(entry => entry.id)).toEqual([
      'urn:opomena:flag:flag-1',
      'urn:opomena:flag:flag-2',
    ])
    expect(feed.entries?.[0]?.title?.value).toBe(
      'denial/outright, severity 3 of 5, outlet, endorses, Glas Kotline (BA)',
    )
    expect(feed.entries?.[0]?.links?.map(link => link.href)).toEqual([`${PUBLIC_URL}/items/article-1#flag-1`])
  })
  test('masks the passage, says what nobody has reviewed, and never names the page', () => {
    expect(feed.entries?.[0]?.summary?.value).toBe(
      'NOT YET REVIEWED: found by the machine, seen by no person. "Ovo je i******** n****."',
    )
    expect(feed.entries?.[1]?.summary?.value).toMatch(/^confirmed\. /)
    expect(xml).not.toMatch(/hateful|izmišljen n/)
  })
  test('shows nothing of the passage where its owner wants nothing', () => {
    expect(renderAtom(subscription({ excerpt: 'none' }), [one], PUBLIC_URL)).not.toMatch(/Ovo je/)
  })
  test('is well-formed whatever a page wrote, and legal when it is empty', () => {
    const odd = document({ sentence: 'a\u0000\u0008\ufffe\ud800]]> <x>&y; izmišljen navod' })
    const written = renderAtom(subscription(), [odd], PUBLIC_URL)
    expect(written).not.toMatch(/[\u0000\u0008\ufffe\ud800]/)
    expect(parseAtomFeed(written).entries).toHaveLength(1)
    expect(parseAtomFeed(renderAtom(subscription(), [], PUBLIC_URL)).id).toBe(
      'urn:opomena:subscription:sub-1',
    )
  })
})
