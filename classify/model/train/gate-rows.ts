/** What the gate learns from: sentences of news, and sentences that hold an instance. */
import { isInstance, marked } from '../../corpus/passage.ts'
import type { CorpusPassage, RealLabel } from '../../corpus/read.ts'
import type { ArchivedArticle } from './archive.ts'
import type { GateRow, NewsSentence } from './gate.ts'
import { FIELDS } from '../../../core/labels.ts'
import type { Reader, ReadPassage } from './training-windows.ts'

/** Instances of real news are few beside those written for it. */
const REAL_WEIGHT = 3

/** Sentences that hold any of the instance. The harmless ones teach nothing here: they are to be read too. */
export function passageRows(reader: Reader, passage: CorpusPassage): GateRow[] {
  if (!isInstance(passage)) return []
  const { text, start, end } = marked(passage.text)
  const read = reader.read(passage.language, text)
  return read ? within(read, passage.id, start, end, 1) : []
}

/** Every sentence of an article, and those of its labelled instances. */
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
    const found = labels
      .filter(label => label.field === field && label.label !== 'none')
      .map(label => ({ label, place: label.span ?? ([label.start, label.end] as const) }))
    let window = 0
    read.alone().forEach(({ text, ofRules, start, end }, at) => {
      const own = read.windows[at]!.map(() => scores.get(`${id}:${String(window++)}`) ?? NaN)
      const marked = found.some(({ place }) => start < place[1] && place[0] < end)
      const score = own.length > 0 ? Math.max(...own) : NaN
      news.push({ id: `${id}:${String(at)}`, text, ofRules, marked, score })
    })
    for (const { label, place } of found)
      if (isInstance(label))
        instances.push(...within(read, `${id}:${String(label.start)}`, place[0], place[1], REAL_WEIGHT))
  }
  return { news, instances }
}

function within(read: ReadPassage, id: string, start: number, end: number, weight: number): GateRow[] {
  return read
    .alone()
    .filter(one => one.start < end && start < one.end)
    .map(({ text }) => ({ id, text, weight }))
}
