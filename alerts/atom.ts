/** The Atom feed of a subscription. The web chooses the flags and guards the address; this writes them. */
import { generateAtomFeed } from 'feedsmith'
import type { FlagDocument } from '../core/document.ts'
import { labelsOf } from '../core/query-fields.ts'
import type { Subscription } from '../core/subscription.ts'
import { PHRASES } from './phrases.ts'
import { describe, excerptOf, itemUrl, outletOf, printable } from './wording.ts'

/** The feed as XML, flags in the order given. `publicUrl` has no slash at the end. */
export function renderAtom(
  subscription: Subscription,
  flags: readonly FlagDocument[],
  publicUrl: string,
): string {
  const entries = flags.map(flag => entryOf(flag, subscription, publicUrl))
  const updated = Math.max(
    Date.parse(subscription.updatedAt),
    ...entries.map(entry => entry.updated.getTime()),
  )
  return generateAtomFeed({
    id: `urn:opomena:subscription:${subscription.id}`,
    // A plain string would be dropped without a word.
    title: { value: `Opomena: ${printable(subscription.name)}` },
    updated: new Date(updated),
    links: [
      {
        href: `${publicUrl}/search?${new URLSearchParams({ q: subscription.query }).toString()}`,
        rel: 'alternate',
      },
    ],
    authors: [{ name: 'Opomena' }],
    generator: { text: 'Opomena' },
    entries,
  })
}

function entryOf(flag: FlagDocument, { language, excerpt }: Subscription, publicUrl: string) {
  const phrases = PHRASES[language]
  const shown = excerptOf(flag, [], excerpt)
  const reviewed = flag.standing.status === 'confirmed' ? phrases.status.confirmed : phrases.unreviewed
  const { category, subtype } = labelsOf(flag)
  return {
    id: `urn:opomena:flag:${flag.id}`,
    title: { value: printable(`${describe(flag, phrases)}, ${outletOf(flag)}`) },
    updated: new Date(flag.standing.verdict?.at ?? flag.madeAt),
    published: new Date(flag.article.at),
    links: [{ href: itemUrl(flag, publicUrl), rel: 'alternate' }],
    summary: { value: printable([reviewed, ...(shown === undefined ? [] : [`"${shown}"`])].join('. ')) },
    categories: [{ term: category }, { term: subtype }],
  }
}
