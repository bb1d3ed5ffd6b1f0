/** What of an article is read, in which language: its fields, and the parts of a text that mixes languages. */
import { MAX_TEXT } from '../core/article.ts'
import type { Field, Language, OutletKind } from '../core/labels.ts'
import { detectLanguage } from './detect-language.ts'
import type { Detection } from './detect-language.ts'
import { detectParagraphs } from './detect-paragraphs.ts'
import { packCodeOf } from './languages.ts'
import { PACK_CODES } from './pack.ts'
import type { PackCode } from './pack.ts'

export interface ClassifierInput {
  /** Article id; flag ids are made of it. */
  readonly id: string
  readonly title?: string | undefined
  readonly lead?: string | undefined
  readonly text: string
  /** Language the outlet declares: a prior, not a proof. */
  readonly declaredLanguage?: Language | undefined
  readonly section?: string | undefined
  /** As the article is signed. */
  readonly author?: string | undefined
  readonly outletKind?: OutletKind | undefined
}

export type FieldText = readonly [field: Field, text: string]

export function fieldsOf({ title, lead, text }: ClassifierInput): FieldText[] {
  const all: (readonly [Field, string | undefined])[] = [
    ['title', title],
    ['lead', lead],
    ['text', text],
  ]
  return all.flatMap(([field, value]) =>
    value === undefined || value === '' ? [] : [[field, value.slice(0, MAX_TEXT)] as const],
  )
}

const LANGUAGE_SAMPLE = 1_200
const ENOUGH_BODY = 200

/** The body tells the language best; a short one is helped by lead and title. */
export function languageOf(input: ClassifierInput, texts: readonly FieldText[]): Detection {
  const body = input.text.slice(0, LANGUAGE_SAMPLE)
  const sample =
    body.length >= ENOUGH_BODY ? body : texts.map(([, text]) => text.slice(0, LANGUAGE_SAMPLE)).join('\n')
  return detectLanguage(sample, { declared: input.declaredLanguage, headline: body.length < ENOUGH_BODY })
}

/**
 * Where the body mixes languages, the fields as each pack reads them: paragraphs of the others are blank, so that
 * places stay what they are. Undefined where it does not, which is nearly always.
 */
export function byPack(
  input: ClassifierInput,
  texts: readonly FieldText[],
  detection: Detection,
): Map<PackCode, readonly FieldText[]> | undefined {
  const body = texts.find(([field]) => field === 'text')?.[1] ?? ''
  const main = packCodeOf(detection.language)
  if (main === undefined || body.length < ENOUGH_BODY || !body.includes('\n')) return undefined
  const passages = detectParagraphs(body, { declared: input.declaredLanguage }, detection)
  const codes = new Set(passages.map(passage => packCodeOf(passage.detection.language)))
  if (codes.size < 2) return undefined
  const parts = new Map<PackCode, readonly FieldText[]>()
  for (const code of new Set([main, ...codes])) {
    if (code === undefined) continue
    const own = passages
      .map(({ start, end, detection: of }) => {
        const text = body.slice(start, end)
        return packCodeOf(of.language) === code ? text : text.replace(/[^\n]/g, ' ')
      })
      .join('')
    const fields = code === main ? texts.filter(([field]) => field !== 'text') : []
    parts.set(code, [...fields, ['text', own]])
  }
  return parts
}

/** What a hit says of the language of a text that is too short to tell. */
const GUESS = 0.3

/** Surer than this, and a text is read in its language alone. */
const SURE = 0.95
/** Shorter texts are often slogans and names, which no language detection is sure of. */
const FEW_LETTERS = 120

/** The language found; where it is not sure, each of ours in turn, for a headline of three words may be hate too. */
export function languagesToRead(
  { language, confidence, familyConfidence }: Detection,
  letters: number,
): readonly (readonly [Language, number])[] {
  const found = packCodeOf(language)
  const first: (readonly [Language, number])[] = found || confidence > 0 ? [[language, confidence]] : []
  if (letters > FEW_LETTERS ? familyConfidence > 0 : familyConfidence >= SURE) return first
  const others = PACK_CODES.filter(code => code !== found)
  return [...first, ...others.map(code => [code, GUESS] as const)]
}
