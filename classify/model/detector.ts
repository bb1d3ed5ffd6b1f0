/** Detector: rules, gate, encoder and combiner together, many articles at once. */
import type { MadeBy } from '../../core/finding.ts'
import type { Logger } from '../../core/logger.ts'
import type { Language } from '../../core/labels.ts'
import type { Thresholds } from '../../core/reference.ts'
import type { ClassifierInput } from '../article-texts.ts'
import type {
  ArticleClassifier,
  ArticleRead,
  Classification,
  Classifier,
  LanguageThresholds,
} from '../classifier.ts'
import { flagOf } from '../flag.ts'
import { MAX_CANDIDATES } from '../candidate.ts'
import { decide } from './decide.ts'
import type { Judge, Read } from './decide.ts'
import type { Encoder } from './encoder.ts'
import type { DetectorFiles } from './encoder-files.ts'
import { suspectsIn, windowsAt } from './suspects.ts'
import type { Suspect, Suspects } from './suspects.ts'

export interface DetectorOptions {
  readonly rules: Classifier
  readonly encoder: Encoder
  readonly files: DetectorFiles
  /** On the combined confidence. */
  readonly thresholds: Thresholds
  /** Of the rules alone: where too many passages were suspicious for all to be read. */
  readonly rulesAlone: LanguageThresholds
  readonly logger: Logger
}

/** What was read since the start. */
export interface Reads {
  articles: number
  sentences: number
  windows: number
  leftOut: number
}

export interface Detector extends ArticleClassifier {
  readonly reads: Readonly<Reads>
  close(): Promise<void>
}

export function createDetector(options: DetectorOptions): Detector {
  const { rules, encoder, files, logger } = options
  const madeBy: MadeBy = { ...rules.madeBy, model: `${encoder.id}-${files.id}` }
  const reads: Reads = { articles: 0, sentences: 0, windows: 0, leftOut: 0 }
  const suspectsOf = (input: ClassifierInput, article: ArticleRead): Suspects => {
    const suspects = suspectsIn(article.parts, files.gate, encoder.tokenizer)
    if (suspects.leftOut > 0)
      logger.warn(
        { article: input.id, read: suspects.read.length, leftOut: suspects.leftOut },
        'More passages of one article are suspicious than the model reads; the least suspicious are left to the rules',
      )
    return suspects
  }
  return {
    madeBy,
    reads,
    async classifyAll(inputs) {
      const articles = inputs.map(input => rules.read(input))
      const suspects = inputs.map((input, at) => suspectsOf(input, articles[at]!))
      const read = await readAll(
        encoder,
        suspects.map(of => of.read),
      )
      const all = await readNeighbours(encoder, articles, read)
      reads.articles += inputs.length
      for (const of of suspects) {
        reads.sentences += of.sentences
        reads.leftOut += of.leftOut
      }
      reads.windows += all.reduce((sum, of) => sum + of.length, 0)
      return inputs.map((input, at) => classificationOf(input, articles[at]!, all[at]!, options, madeBy))
    },
    close: () => encoder.close(),
  }
}

/** Scores of many articles in one go, so that all threads have work. */
async function readAll(encoder: Encoder, suspects: readonly (readonly Suspect[])[]): Promise<Read[][]> {
  const said = await encoder.score(suspects.flat().map(({ window }) => window))
  let at = 0
  return suspects.map(of => of.map(suspect => ({ ...suspect, said: said[at++]! })))
}

/** What the encoder believes a little is looked at once more, from the sentence before and the one behind. */
async function readNeighbours(
  encoder: Encoder,
  articles: readonly ArticleRead[],
  read: readonly (readonly Read[])[],
): Promise<(readonly Read[])[]> {
  const more = await readAll(
    encoder,
    read.map((of, at) => neighboursOf(articles[at]!, of, encoder)),
  )
  return read.map((of, at) => [...of, ...more[at]!])
}

/** Log-odds at the rate of the training data from which a second look is worth its time. */
const SECOND_LOOK = 0
/** Of one article at most. */
const MAX_SECOND_LOOKS = 16

function neighboursOf({ parts }: ArticleRead, read: readonly Read[], { tokenizer }: Encoder): Suspect[] {
  const known = new Set(read.map(({ reading, sentence }) => `${reading.field} ${String(sentence)}`))
  const more: Suspect[] = []
  const suspicious = read.filter(({ said }) => said.instance > SECOND_LOOK)
  for (const { reading, sentence, suspicion } of suspicious) {
    for (const next of [sentence - 1, sentence + 1]) {
      const key = `${reading.field} ${String(next)}`
      if (!reading.sentences.bounds[next] || known.has(key) || more.length >= MAX_SECOND_LOOKS) continue
      known.add(key)
      const [window] = windowsAt(parts, reading, tokenizer).at(next)
      if (window) more.push({ reading, sentence: next, window, suspicion })
    }
  }
  return more
}

function classificationOf(
  { id }: ClassifierInput,
  { language, languageConfidence, script, parts }: ArticleRead,
  read: readonly Read[],
  { files, thresholds, rulesAlone }: DetectorOptions,
  madeBy: MadeBy,
): Classification {
  const judge: Judge = {
    ...{ combiner: files.combiner, examples: files.examples, language },
    ...{ review: thresholds.review, rulesAlone: limitsOf(rulesAlone, language) },
  }
  // Where no real news has shown how often the model errs, nothing leaves the house on its word alone.
  const ofModel = files.combiner.isCalibrated(language) ? thresholds : { ...thresholds, alert: Infinity }
  const seen = new Map<string, number>()
  const flags = parts.flatMap(part =>
    decide(part, read, judge)
      .slice(0, MAX_CANDIDATES)
      .map(one => flagOf(id, one, one.tier === 'model' ? ofModel : thresholds, seen)),
  )
  return { language, languageConfidence, script, flagged: flags.length > 0, flags, madeBy }
}

function limitsOf(thresholds: LanguageThresholds, language: Language): Thresholds {
  return thresholds[language] ?? thresholds.default
}
