/** Texts as the encoder reads them, whole: what its vocabulary is counted on. */
import type { Language } from '../../../core/labels.ts'
import type { AtrocityEvent } from '../../../core/reference.ts'
import { compileEngine } from '../../engine.ts'
import type { Engine } from '../../engine.ts'
import { packCodeOf } from '../../languages.ts'
import type { Lexicons } from '../../lexicon.ts'
import type { PackCode } from '../../pack.ts'
import { readField } from '../../reading.ts'
import { modelText, writerOf } from '../model-text.ts'

/** @returns undefined for a language that no lexicon reads, and for a text without words. */
export function plainReader(
  lexicons: Lexicons,
  events: readonly AtrocityEvent[],
): (language: Language, text: string) => string | undefined {
  const engines = new Map<PackCode, Engine>()
  for (const [code, lexicon] of lexicons.byCode) engines.set(code, compileEngine(lexicon, events))
  return (language, text) => {
    const code = packCodeOf(language)
    const engine = code && engines.get(code)
    if (!engine) return undefined
    const { words } = readField(engine, 'text', text)
    const stretch = { words, first: 0, end: words.length, from: 0, to: text.length }
    const { text: written } = modelText(text, stretch, writerOf(code, text), new Map(), new Map())
    return written === '' ? undefined : written
  }
}
