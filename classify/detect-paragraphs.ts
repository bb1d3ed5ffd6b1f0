/** Which languages a text is in, by its paragraphs: outlets quote and reprint one another. */
import { detectLanguage, familyOf, isSurelyIn } from './detect-language.ts'
import type { Detection, DetectOptions } from './detect-language.ts'

/** A part of a text in one language: UTF-16 offsets, end exclusive. */
export interface Passage {
  readonly start: number
  readonly end: number
  readonly detection: Detection
}

/** Shorter paragraphs are names, captions and calls: they are in the language of the text. */
const MIN_PARAGRAPH = 60
/** Characters that hold the letters which tell a language, nearly always. */
const PARAGRAPH_START = 160
/** A paragraph in another language than its text must be sure of it. */
const SURE = 0.9
/** Later paragraphs go with the one before them. */
const MAX_PARAGRAPHS = 1_000

/**
 * A text by the languages of its paragraphs (lines), neighbours in one language together; they cover all of it.
 * @param whole what was found of the text as a whole
 */
export function detectParagraphs(
  text: string,
  options: DetectOptions = {},
  whole: Detection = detectLanguage(text, options),
): Passage[] {
  const passages: Passage[] = []
  let start = 0
  for (let count = 0; start < text.length || count === 0; count++) {
    const next = count < MAX_PARAGRAPHS ? text.indexOf('\n', start) : -1
    const end = next < 0 ? text.length : next + 1
    const detection = paragraph(text.slice(start, end), whole)
    const before = passages.at(-1)
    if (before && familyOf(before.detection.language) === familyOf(detection.language)) {
      passages[passages.length - 1] = { ...before, end }
    } else passages.push({ start, end, detection })
    start = end
  }
  return passages
}

function paragraph(text: string, whole: Detection): Detection {
  if (text.length < MIN_PARAGRAPH) return whole
  const options = { sourceLanguages: [whole.language], headline: true }
  const family = familyOf(whole.language)
  // Nearly every paragraph says at once that it is in the language of its text, and nothing more is asked of it.
  if (isSurelyIn(family, text.slice(0, PARAGRAPH_START), options)) return whole
  const own = detectLanguage(text, options)
  return familyOf(own.language) !== family && own.familyConfidence >= SURE ? own : whole
}
