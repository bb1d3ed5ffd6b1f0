/** Suspects: the sentences of an article that the encoder reads: those that the gate passes, and where rules have found something. */
import type { PartRead } from '../classifier.ts'
import type { Reading } from '../reading.ts'
import type { Gate } from './gate.ts'
import type { Tokenizer } from './tokenizer.ts'
import { windowsOf } from './window.ts'
import type { Window, Windows } from './window.ts'

/** Windows of one article at most, the most suspicious ones: a page made of suspicion costs a second, not an hour. */
export const MAX_WINDOWS = 64

export interface Suspect {
  readonly reading: Reading
  readonly sentence: number
  readonly window: Window
  /** By the gate. */
  readonly suspicion: number
}

export interface Suspects {
  readonly read: readonly Suspect[]
  /** Windows that should have been read and were too many. */
  readonly leftOut: number
  /** Number of sentences. */
  readonly sentences: number
}

export function suspectsIn(parts: readonly PartRead[], gate: Gate, tokenizer: Tokenizer): Suspects {
  const kept = new MostSuspicious()
  let sentences = 0
  for (const { readings, scored, dropped, code } of parts) {
    const ofRules = new Map(readings.map(reading => [reading, new Set<number>()]))
    for (const { reading, start } of [...scored.map(one => one.candidate), ...dropped])
      ofRules.get(reading)?.add(reading.sentences.of[start]!)
    for (const reading of readings) {
      const windows = windowsOf(reading, code, tokenizer)
      sentences += windows.count
      for (let sentence = 0; sentence < windows.count; sentence += 1) {
        const suspicion = gate.score(windows.own(sentence))
        if (suspicion < gate.threshold && !ofRules.get(reading)!.has(sentence)) continue
        // Only now: to split a sentence into tokens costs more than the gate.
        for (const window of windows.at(sentence)) kept.offer({ reading, sentence, window, suspicion })
      }
    }
  }
  return { read: kept.taken(), leftOut: kept.offered - kept.taken().length, sentences }
}

/** Windows of a sentence, as they were made for the gate. */
export function windowsAt(parts: readonly PartRead[], reading: Reading, tokenizer: Tokenizer): Windows {
  const { code } = parts.find(({ readings }) => readings.includes(reading))!
  return windowsOf(reading, code, tokenizer)
}

/** Keeps few, however many are offered. */
class MostSuspicious {
  offered = 0
  #kept: Suspect[] = []

  offer(suspect: Suspect): void {
    this.offered += 1
    this.#kept.push(suspect)
    if (this.#kept.length > MAX_WINDOWS * 8) this.#cut()
  }

  taken(): readonly Suspect[] {
    if (this.#kept.length > MAX_WINDOWS) this.#cut()
    return this.#kept
  }

  #cut(): void {
    this.#kept = this.#kept.sort((a, b) => b.suspicion - a.suspicion).slice(0, MAX_WINDOWS)
  }
}
