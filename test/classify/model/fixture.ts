/** The tiny model of the tests: random weights, written by classify/model/train/tiny.py. */
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileEngine } from '../../../classify/engine.ts'
import { packCodeOf } from '../../../classify/languages.ts'
import { loadLexicons } from '../../../classify/lexicon.ts'
import { parseTokenizer } from '../../../classify/model/tokenizer.ts'
import { windowsOf } from '../../../classify/model/window.ts'
import type { Window, Windows } from '../../../classify/model/window.ts'
import { readField } from '../../../classify/reading.ts'
import type { Language } from '../../../core/labels.ts'
import { loadConfig } from '../../../config/config.ts'

export const TINY = join(import.meta.dirname, '..', '..', 'fixtures', 'model')

export const tokenizer = parseTokenizer(readFileSync(join(TINY, 'tokenizer.tsv'), 'utf8'))

const lexicons = loadLexicons()
const { events } = loadConfig({ env: {} })

/** The windows of a text, by sentence. */
export function windowsIn(language: Language, text: string): Windows {
  const code = packCodeOf(language)!
  const engine = compileEngine(lexicons.byCode.get(code)!, events)
  return windowsOf(readField(engine, 'text', text), code, tokenizer)
}

export function allWindows(language: Language, text: string): Window[] {
  const windows = windowsIn(language, text)
  return Array.from({ length: windows.count }, (_, at) => windows.at(at)).flat()
}

/** A copy of the tiny model that a test may damage; removed by `remove`. */
export async function copyOfModel(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'opomena-model-'))
  await cp(TINY, folder, { recursive: true })
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
