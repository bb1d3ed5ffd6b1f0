/** The daily letter: flags in, letter out. Text first, a small HTML beside it; no quote and no slur in the subject. */
import type { FlagDocument } from '../core/document.ts'
import type { Letter } from '../core/ports.ts'
import { labelsOf } from '../core/query-fields.ts'
import type { Subscription } from '../core/subscription.ts'
import { fold } from '../core/text.ts'
import { unsubscribeToken } from '../core/unsubscribe.ts'
import type { ToldStatus } from './letter-book.ts'
import { PHRASES } from './phrases.ts'
import type { Phrases } from './phrases.ts'
import { storiesOf } from './stories.ts'
import type { Story } from './stories.ts'
import { describe, excerptOf, itemUrl, outletOf, printable } from './wording.ts'

/** More would not be read, and some mail servers cut long letters; the rest is behind the link. */
const MAX_STORIES = 50

export interface Correction {
  /** Absent when the article was deleted. */
  readonly document?: FlagDocument
  readonly was: ToldStatus
  readonly status: ToldStatus
}

export interface Digest {
  readonly subscription: Subscription
  /** Day of the letter in the subscription's time zone. */
  readonly day: string
  readonly flags: readonly FlagDocument[]
  readonly corrections: readonly Correction[]
  /** Address under which people reach the web, without a slash at the end. */
  readonly publicUrl: string
}

/** The letter of a day. Without flags and corrections it is the monthly note that the watch goes on. */
export function digestLetter(digest: Digest): Letter {
  const { subscription, day, publicUrl } = digest
  const phrases = PHRASES[subscription.language]
  const blocks = blocksOf(digest, phrases)
  return {
    messageId: messageIdOf(subscription.id, day, publicUrl),
    to: subscription.address ?? '',
    subject: subjectOf(digest, phrases),
    text: textOf(blocks),
    html: htmlOf(blocks),
    unsubscribeUrl: unsubscribeUrlOf(subscription, publicUrl),
  }
}

/** The same for the same subscription and day, whoever asks and however often. */
export function messageIdOf(subscription: string, day: string, publicUrl: string): string {
  const local = subscription.replace(/[^\w-]+/g, '-')
  return `<opomena.${local}.${day}@${new URL(publicUrl).hostname.replace(/[^\w.-]+/g, '')}>`
}

function unsubscribeUrlOf({ id, tokenHash }: Subscription, publicUrl: string): string {
  return `${publicUrl}/u/${encodeURIComponent(unsubscribeToken(id, tokenHash))}`
}

function subjectOf({ flags, corrections }: Digest, phrases: Phrases): string {
  if (flags.length === 0 && corrections.length === 0) return phrases.quietSubject
  const unreviewed = flags.filter(flag => flag.standing.status !== 'confirmed').length
  const counted = phrases.subject({ flags: flags.length, unreviewed, corrections: corrections.length })
  const about = [
    most(flags.map(flag => labelsOf(flag).category)),
    most(flags.flatMap(flag => flag.article.outlet.country ?? [])),
  ].filter(part => part !== '')
  return about.length === 0 ? counted : `${counted}: ${about.join('; ')}`
}

/** The three most frequent values, the most frequent first. */
function most(values: readonly string[]): string {
  const counts = [...Map.groupBy(values, value => value)].map(([value, all]) => [value, all.length] as const)
  return counts
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 3)
    .map(([value]) => value)
    .join(', ')
}

// ---------------------------------------------------------------- what the letter says, apart from how it looks

type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  | {
      readonly kind: 'entry'
      readonly text: string
      readonly label?: string
      readonly lines: readonly string[]
      readonly url?: string
    }

function blocksOf(digest: Digest, phrases: Phrases): readonly Block[] {
  const { subscription, day, flags, corrections, publicUrl } = digest
  const isQuiet = flags.length === 0 && corrections.length === 0
  const search: Block = {
    kind: 'link',
    text: phrases.seeAll,
    url: `${publicUrl}/search?${new URLSearchParams({ q: subscription.query }).toString()}`,
  }
  return [
    { kind: 'heading', text: phrases.greeting(printable(subscription.name), day) },
    { kind: 'note', text: isQuiet ? phrases.quiet : phrases.warning },
    ...storyBlocks(digest, phrases),
    ...(corrections.length > 0 ? [{ kind: 'heading', text: phrases.corrections } as const] : []),
    ...corrections.map(correction => correctionBlock(correction, phrases, publicUrl)),
    search,
    ...(isQuiet ? [] : [{ kind: 'note', text: `${phrases.wrong} ${phrases.doNotAmplify}` } as const]),
    { kind: 'link', text: phrases.unsubscribe, url: unsubscribeUrlOf(subscription, publicUrl) },
  ]
}

function storyBlocks({ flags, subscription, publicUrl }: Digest, phrases: Phrases): readonly Block[] {
  const stories = storiesOf(flags)
  const shown = stories
    .slice(0, MAX_STORIES)
    .map(story => storyBlock(story, subscription, phrases, publicUrl))
  const left = stories.length - shown.length
  return left > 0 ? [...shown, { kind: 'note', text: phrases.more(left) }] : shown
}

function storyBlock(story: Story, { excerpt }: Subscription, phrases: Phrases, publicUrl: string): Block {
  const [first] = story.flags
  const shown = excerptOf(
    first,
    story.flags.map(flag => flag.quote),
    excerpt,
  )
  // One passage repeated by an agency's customers is one passage, in either script.
  const passages = new Set(story.flags.map(flag => `${flag.category} ${fold(flag.quote)}`))
  return {
    kind: 'entry',
    text: describe(first, phrases),
    ...(first.standing.status === 'confirmed' ? {} : { label: phrases.unreviewed }),
    lines: [
      `${phrases.outlets(outletOf(first), story.outlets.length - 1)}, ${first.article.day}`,
      ...(passages.size > 1 ? [phrases.passages(passages.size - 1)] : []),
      ...(shown === undefined ? [] : [`"${shown}"`]),
    ],
    url: itemUrl(first, publicUrl),
  }
}

function correctionBlock({ document, was, status }: Correction, phrases: Phrases, publicUrl: string): Block {
  const said = phrases.correction(phrases.status[was], phrases.status[status])
  if (!document) return { kind: 'entry', text: said, lines: [] }
  return {
    kind: 'entry',
    text: describe(document, phrases),
    lines: [`${outletOf(document)}, ${document.article.day}`, said],
    url: itemUrl(document, publicUrl),
  }
}

// ---------------------------------------------------------------- how it looks

function textOf(blocks: readonly Block[]): string {
  const parts = blocks.map(block => {
    if (block.kind === 'link') return `${block.text}: ${block.url}`
    if (block.kind !== 'entry') return block.text
    const lines = [block.label, ...block.lines, block.url].filter(line => line !== undefined)
    return [`* ${block.text}`, ...lines.map(line => `  ${line}`)].join('\n')
  })
  return `${parts.join('\n\n')}\n`
}

function htmlOf(blocks: readonly Block[]): string {
  const parts = blocks.map(block => {
    if (block.kind === 'heading') return `<h3>${escape(block.text)}</h3>`
    if (block.kind === 'note') return `<p>${escape(block.text)}</p>`
    if (block.kind === 'link') return `<p>${anchor(block.text, block.url)}</p>`
    const label = block.label === undefined ? [] : [`<strong>${escape(block.label)}</strong>`]
    const title = block.url === undefined ? escape(block.text) : anchor(block.text, block.url)
    return `<p>${[title, ...label, ...block.lines.map(escape)].join('<br>\n')}</p>`
  })
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8">\n<body>\n${parts.join('\n')}\n</body></html>\n`
}

function anchor(text: string, url: string): string {
  return `<a href="${escape(url)}">${escape(text)}</a>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, char => ENTITIES[char]!)
}
