/** Antecedent: the people that a pronoun stands for, named in a sentence before it. */
import { macrosOf } from './reading.ts'
import type { Reading, SentenceView, Term } from './reading.ts'
import { speakerNear } from './speakers.ts'
import type { Naming } from './speakers.ts'

/** Sentences before the pronoun that are searched, in its own paragraph; the one right before, in any. */
const REACH = 2

/** People named last before a word: in its sentence, else in the nearest sentence before that names any. */
export function peopleBefore(reading: Reading, word: number): readonly Term[] {
  const index = reading.sentences.of[word]!
  for (let at = index; at >= Math.max(0, index - REACH); at -= 1) {
    const view = reading.views[at]!
    if (at < index - 1 && !isOneParagraph(reading, view, word)) break
    const found = view.terms.filter(term => term.end <= word && isPeople(term))
    if (found.length > 0) return found
  }
  return []
}

export function isPeople({ source }: Term): boolean {
  return macrosOf(source).includes('GROUP!noun')
}

function isOneParagraph(reading: Reading, view: SentenceView, word: number): boolean {
  return !reading.text.slice(reading.words[view.first]!.start, reading.words[word]!.start).includes('\n')
}

/** Whether two words stand in sentences of two different speakers. */
export function isOfAnotherSpeaker(reading: Reading, one: number, other: number, naming: Naming): boolean {
  const [first, second] = [one, other].map(word => speakerOf(reading, word, naming))
  return first !== undefined && second !== undefined && first !== second
}

function speakerOf(reading: Reading, word: number, naming: Naming): string | undefined {
  const view = reading.views[reading.sentences.of[word]!]!
  const verb = view.hints.find(hit => hit.hint === 'speech')
  return verb && speakerNear(reading, view, verb, { start: word, end: word + 1 }, naming)
}
