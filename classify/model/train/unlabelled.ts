/** Unlabelled news: windows of it to learn the ordinary from, and sentences of it to set passages between. */
import { sha256 } from '../../../core/hash.ts'
import type { Language } from '../../../core/labels.ts'
import type { PackCode } from '../../pack.ts'
import { Lowest } from './lowest.ts'
import { backgroundWindows } from './training-windows.ts'
import type { Neighbours, Reader, TrainingWindow } from './training-windows.ts'

const MAX_NEIGHBOURS = 4_000
/** A longer neighbour would leave no room for the passage. */
const MAX_SENTENCE = 300
const MIN_SENTENCE = 40

export class Unlabelled {
  readonly #reader: Reader
  readonly #windows: Lowest<TrainingWindow>
  readonly #sentences = new Map<PackCode, string[]>()

  /** @param wanted windows to keep; the same ones each time, and none twice. */
  constructor(reader: Reader, wanted: number) {
    this.#reader = reader
    this.#windows = new Lowest(wanted)
  }

  /** @param id of the article; a window's begins with it. */
  take(id: string, language: Language, fields: readonly string[]): void {
    fields.forEach((text, field) => {
      const read = text === '' ? undefined : this.#reader.read(language, text)
      if (!read) return
      for (const window of backgroundWindows(read, `${id}:${String(field)}`, language))
        this.#windows.offer(sha256(window.text), window)
      const fitting = read.sentences.filter(({ length }) => length >= MIN_SENTENCE && length <= MAX_SENTENCE)
      const own = this.#sentences.get(read.code) ?? []
      this.#sentences.set(read.code, own)
      if (own.length < MAX_NEIGHBOURS) own.push(...fitting.slice(0, 2))
    })
  }

  windows(): TrainingWindow[] {
    return this.#windows.values()
  }

  readonly neighbours: Neighbours = (code, pair) => {
    const own = this.#sentences.get(code) ?? []
    if (own.length < 2) return undefined
    const at = parseInt(sha256(pair).slice(0, 8), 16) % (own.length - 1)
    return [own[at]!, own[at + 1]!]
  }
}
