/** What the gate learns from: sentences of news with what the encoder says of them, and sentences that hold an instance. */
import { isInstance, marked } from '../../corpus/passage.ts'
import type { CorpusPassage, RealLabel } from '../../corpus/read.ts'
import type { ArchivedArticle } from './archive.ts'
import type { GateRow, NewsSentence } from './gate.ts'
import { FIELDS } from '../../../core/labels.ts'
import type { Reader, ReadPassage } from './training-windows.ts'

/** A labelled instance counts as a score of this size. */
const SURE = 3
/** Instances of real news are few beside those written for it. */
const REAL_WEIGHT = 3

/** Sentences that hold any of the instance. The harmless ones teach nothing here: they are to be read too. */
export function passageRows(reader: Reader, passage: CorpusPassage): GateRow[] {
  if (!isInstance(passage)) return []
  const { text, start, end } = marked(passage.text)
  const read = reader.read(passage.language, text)
  return read ? within(read, passage.id, start, end, 1) : []
}

/** Every sentence of an article, those of its labelled instances marked. */
export function articleRows(
  reader: Reader,
  { archive, row, language, fields }: ArchivedArticle,
  labels: readonly RealLabel[],
  scores: ReadonlyMap<string, number>,
): { news: NewsSentence[]; instances: GateRow[] } {
  const news: NewsSentence[] = []
  const instances: GateRow[] = []
  for (const [number, field] of FIELDS.entries()) {
    const read = fields[field] === '' ? undefined : reader.read(language, fields[field])
    if (!read) continue
    const id = `${archive}:${String(row)}:${String(number)}`
    let window = 0
    read.alone().forEach(({ text, ofRules }, at) => {
      const own = read.windows[at]!.map(() => scores.get(`${id}:${String(window++)}`) ?? NaN)
      news.push({ id: `${id}:${String(at)}`, text, ofRules, score: own.length > 0 ? Math.max(...own) : NaN })
    })
    for (const label of labels) {
      if (label.field !== field || !isInstance(label)) continue
      const [start, end] = label.span ?? [label.start, label.end]
      instances.push(...within(read, `${id}:${String(label.start)}`, start, end, REAL_WEIGHT))
    }
  }
  return { news, instances }
}

function within(read: ReadPassage, id: string, start: number, end: number, weight: number): GateRow[] {
  return read
    .alone()
    .filter(one => one.start < end && start < one.end)
    .map(({ text }) => ({ id, text, score: SURE, weight }))
}
