/** What the combiner is fitted on: labelled passages and unlabelled sentences of real news, as the product would weigh them. */
import { FIELDS } from '../../../core/labels.ts'
import type { Field, Language } from '../../../core/labels.ts'
import type { ArticleRead, Classifier } from '../../classifier.ts'
import { isInstance, marked, pairOf } from '../../corpus/passage.ts'
import type { CorpusPassage, RealLabel } from '../../corpus/read.ts'
import type { ReviewedPassage } from '../../corpus/from-verdict.ts'
import type { Reading } from '../../reading.ts'
import { featuresOf } from '../combine.ts'
import type { Encoder } from '../encoder.ts'
import { sentenceOf, shows, wordsIn } from '../passage.ts'
import type { Words } from '../passage.ts'
import { windowsOf } from '../window.ts'
import type { ArchivedArticle } from './archive.ts'
import type { CalibrationRow } from './calibrate.ts'
import { isWhole } from './training-windows.ts'
import type { Tokenizer } from '../tokenizer.ts'

/** What was said of windows: out of fold of labelled passages, by id of the passage; of sentences, by field and window. */
export interface Said {
  readonly passages: ReadonlyMap<string, readonly number[]>
  readonly written: ReadonlyMap<string, readonly number[]>
  readonly windows: ReadonlyMap<string, number>
}

export interface Weights {
  /** Sentences that a labelled passage, and an unlabelled one, stand for. */
  readonly labelled: number
  readonly unlabelled: number
}

/** Rows of one article: those of its labels, and where it has none those of its windows. */
export function articleRows(
  rules: Classifier,
  tokenizer: Tokenizer,
  article: ArchivedArticle,
  labels: readonly RealLabel[],
  said: Said,
  weights: Weights,
): CalibrationRow[] {
  const { archive, row, fields, language } = article
  const group = `${archive}:${String(row)}`
  const read = rules.read({
    ...{ id: group, text: fields.text, declaredLanguage: language },
    ...(fields.title !== '' && { title: fields.title }),
    ...(fields.lead !== '' && { lead: fields.lead }),
  })
  if (labels.length > 0)
    return labels.flatMap(label => labelledRow(read, group, language, label, said, weights.labelled) ?? [])
  return FIELDS.flatMap((field, number) => {
    const prefix = `${group}:${String(number)}`
    return unlabelledRows(read, tokenizer, field, prefix, said).map(found => ({
      ...{ ...found, group, language, isInstance: false, weight: weights.unlabelled },
    }))
  })
}

function labelledRow(
  read: ArticleRead,
  group: string,
  language: Language,
  label: RealLabel,
  { passages }: Said,
  weight: number,
): CalibrationRow | undefined {
  const { field, start, end, span } = label
  const scores = passages.get(`${group}:${field}:${String(start)}`)
  if (!scores || scores.length === 0 || label.label === 'borderline') return undefined
  const features = featuresAt(read, field, ...(span ?? [start, end]), scores)
  return features && { group, language, features, isInstance: isInstance(label), weight }
}

function unlabelledRows(
  read: ArticleRead,
  tokenizer: Tokenizer,
  field: Field,
  prefix: string,
  { windows: known }: Said,
): Pick<CalibrationRow, 'features'>[] {
  const found = readingOf(read, field)
  if (!found) return []
  const { reading, code } = found
  const windows = windowsOf(reading, code, tokenizer)
  const rows: Pick<CalibrationRow, 'features'>[] = []
  let number = 0
  for (let sentence = 0; sentence < windows.count; sentence += 1) {
    for (const window of windows.at(sentence)) {
      if (!isWhole(window, tokenizer)) continue
      const score = known.get(`${prefix}:${String(number++)}`)
      if (score === undefined) continue
      const [first, end] = reading.sentences.bounds[sentence]!
      const place = [reading.words[first]!.start, reading.words[end - 1]!.end] as const
      const features = featuresAt(read, field, ...place, [score])
      if (features) rows.push({ features })
    }
  }
  return rows
}

/**
 * A written passage that the model has not learnt from. Instances of real news are few; without these the combiner would
 * learn the accidents of a dozen.
 */
export function writtenRow(
  rules: Classifier,
  { id, language, text, label }: CorpusPassage,
  scores: readonly number[],
): CalibrationRow | undefined {
  if (label === 'borderline') return undefined
  const { text: plain, start, end } = marked(text)
  const read = rules.read({ id, text: plain, declaredLanguage: language })
  const features = featuresAt(read, 'text', start, end, scores)
  if (!features) return undefined
  return {
    group: pairOf({ id }),
    language,
    features,
    isInstance: label !== 'none',
    weight: NaN,
    isWritten: true,
  }
}

/** A reviewer's verdict, scored by the encoder that is calibrated. */
export async function verdictRow(
  rules: Classifier,
  encoder: Encoder,
  { id, language, text, label }: ReviewedPassage,
): Promise<CalibrationRow | undefined> {
  if (label === 'borderline') return undefined
  const { text: plain, start, end } = marked(text)
  const read = rules.read({ id, text: plain, declaredLanguage: language })
  const found = readingOf(read, 'text')
  if (!found) return undefined
  const windows = windowsOf(found.reading, found.code, encoder.tokenizer)
  const seen = Array.from({ length: windows.count }, (_, at) => windows.at(at))
    .flat()
    .filter(window => shows(window, start, end))
  if (seen.length === 0) return undefined
  const scores = await encoder.score(seen)
  const instances = scores.map(score => score.instance)
  const features = featuresAt(read, 'text', start, end, instances)
  if (!features) return undefined
  return { group: id, language, features, isInstance: label !== 'none', weight: 1, isVerdict: true }
}

function featuresAt(
  read: ArticleRead,
  field: Field,
  start: number,
  end: number,
  scores: readonly number[],
): CalibrationRow['features'] | undefined {
  const found = readingOf(read, field)
  const words = found && wordsIn(found.reading, start, end)
  if (!words) return undefined
  const { reading, scored, article } = found
  const own = scored.filter(one => one.candidate.reading === reading && overlaps(one, words))
  const rule = own.length > 0 ? Math.max(...own.map(one => one.confidence)) : undefined
  const word = reading.sentences.bounds[sentenceOf(reading, words)]![0]
  return featuresOf(scores, rule, { reading, word }, article())
}

function readingOf(
  { parts }: ArticleRead,
  field: Field,
): (ArticleRead['parts'][number] & { readonly reading: Reading }) | undefined {
  for (const part of parts) {
    const reading = part.readings.find(one => one.field === field)
    if (reading) return { ...part, reading }
  }
  return undefined
}

function overlaps(one: Words, other: Words): boolean {
  return one.start < other.end && other.start < one.end
}
