/** What a reviewer decided, as a passage the training reads. */
import type { FlagDocument } from '../../core/document.ts'
import type { Field } from '../../core/labels.ts'
import type { Passage } from './passage.ts'

/** UTF-16 units kept on either side of the quote, to the nearest end of a sentence inside. */
const AROUND = 400

export interface ReviewedPassage extends Omit<Passage, 'id' | 'behaviour' | 'genre'> {
  /** Id of the flag. */
  readonly id: string
  readonly article: string
  readonly source: string
  readonly day: string
  readonly decidedAt: string
}

/**
 * The passage of a reviewed flag, in the words of its article. Undefined where the verdict says nothing of the passage
 * (duplicate, out of scope), where reviewers differ, and where the words are gone or are no longer the flag's.
 */
export function reviewedPassage(
  flag: FlagDocument,
  words: Readonly<Partial<Record<Field, string>>>,
): ReviewedPassage | undefined {
  const { verdict, disagreement } = flag.standing
  const field = words[flag.field]
  if (!verdict || disagreement || field?.slice(flag.start, flag.end) !== flag.quote) return undefined
  const labels = labelsOf(flag)
  if (!labels) return undefined
  return {
    id: flag.id,
    article: flag.article.id,
    source: flag.article.sourceId,
    day: flag.article.day,
    decidedAt: verdict.at,
    language: flag.language,
    text: passageAround(field, flag.start, flag.end),
    ...labels,
  }
}

function labelsOf(flag: FlagDocument): Pick<Passage, 'label'> | undefined {
  const { decision, corrected } = flag.standing.verdict!
  if (decision === 'not-hate') return { label: 'none' }
  if (decision === 'unclear') return { label: 'borderline' }
  if (decision !== 'confirmed' && decision !== 'reported-speech') return undefined
  const { category, subtype, voice, stance, targets, event } = { ...flag, ...corrected }
  return {
    label: `${category}/${subtype}`,
    // The words are there, somebody else's: an instance all the same.
    voice: decision === 'reported-speech' ? 'quoted' : voice,
    stance,
    targets,
    ...(event !== undefined && { event }),
    indirect: flag.rule.startsWith('model'),
  } as Pick<Passage, 'label'>
}

function passageAround(text: string, start: number, end: number): string {
  const before = text.slice(Math.max(0, start - AROUND), start)
  const after = text.slice(end, end + AROUND)
  const from = start > AROUND ? Math.max(0, before.search(/(?<=[.!?…]\s)/)) : 0
  const to = text.length - end > AROUND ? after.search(/(?<=[.!?…])\s[^.!?…]*$/) : after.length
  return `${before.slice(from)}⟦${text.slice(start, end)}⟧${to < 0 ? after : after.slice(0, to)}`
}
