/** An encoder that says what a test wants, and a detector around it. */
import { combinerOf, FEATURES } from '../../../classify/model/combine.ts'
import type { FeatureName } from '../../../classify/model/combine.ts'
import { createDetector } from '../../../classify/model/detector.ts'
import type { Detector } from '../../../classify/model/detector.ts'
import type { Encoder, WindowScore } from '../../../classify/model/encoder.ts'
import type { Gate } from '../../../classify/model/gate.ts'
import type { Window } from '../../../classify/model/window.ts'
import type { Classifier } from '../../../classify/classifier.ts'
import { silentLogger } from '../../../core/logger.ts'
import type { Language } from '../../../core/labels.ts'
import type { Logger } from '../../../core/logger.ts'
import { fold } from '../../../core/text.ts'
import { THRESHOLDS } from '../bundled.ts'
import { tokenizer } from './fixture.ts'

/** A passage that the encoder finds in a text, and what it says of it. */
export interface Finding extends Partial<WindowScore> {
  readonly quote: string
}

export interface ScriptedEncoder extends Encoder {
  /** Every window it was asked about. */
  readonly asked: Window[]
}

const NOTHING: Omit<WindowScore, 'span'> = {
  instance: -6,
  ...{ category: 'threat', categoryProbability: 0.9, subtype: 'existential' },
  ...{ voice: 'outlet', voiceProbability: 0.9, stance: 'endorses', stanceProbability: 0.9 },
  vector: Float32Array.of(1, 0),
}

/** Suspicious is every window of `text` that shows all of one of the passages. */
export function encoderFinding(text: string, findings: readonly Finding[]): ScriptedEncoder {
  const asked: Window[] = []
  const say = (window: Window): WindowScore => {
    const found = findings.find(({ quote }) => {
      const start = text.indexOf(quote)
      const last = start + quote.length
      const shown = window.starts[1]! <= start && window.ends.at(-2)! >= last
      return shown && window.text.includes(fold(quote.split(' ')[0]!))
    })
    if (!found) return { ...NOTHING, span: { start: window.starts[1]!, end: window.ends[1]! } }
    const start = text.indexOf(found.quote)
    return { ...NOTHING, instance: 6, span: { start, end: start + found.quote.length }, ...found }
  }
  return {
    ...{ id: 'scripted', tokenizer, asked },
    score(windows) {
      asked.push(...windows)
      return Promise.resolve(windows.map(say))
    },
    close: () => Promise.resolve(),
  }
}

export const OPEN_GATE: Gate = { threshold: 0, score: () => 0 }
export const CLOSED_GATE: Gate = { threshold: 1, score: () => 0 }

/** The word of the model counts as it is; rules add to it. */
const WEIGHTS: Readonly<Record<FeatureName, number>> = {
  ...(Object.fromEntries(FEATURES.map(name => [name, 0])) as Record<FeatureName, number>),
  ...{ window: 1, rule: 0.5 },
}

export interface ScriptedOptions {
  readonly gate?: Gate
  readonly weights?: Partial<Record<FeatureName, number>>
  readonly logger?: Logger
  /** Languages that it is calibrated in. */
  readonly offsets?: Partial<Record<Language, number>>
}

export function detectorWith(
  rules: Classifier,
  encoder: Encoder,
  { gate = OPEN_GATE, weights = {}, logger = silentLogger, offsets = { hr: 0 } }: ScriptedOptions = {},
): Detector {
  return createDetector({
    ...{ rules, encoder, logger, rulesAlone: THRESHOLDS, thresholds: { review: 0.5, alert: 0.9 } },
    files: {
      id: 'test',
      gate,
      combiner: combinerOf({ bias: 0, weights: { ...WEIGHTS, ...weights }, offsets }),
      examples: { nearest: (_, count) => [{ id: 'wa-0001a', similarity: 0.9 }].slice(0, count) },
    },
  })
}
