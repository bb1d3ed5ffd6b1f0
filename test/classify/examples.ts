/** The examples beside each lexicon, as the tests of spelling want them. */
import { examplesOf as all } from '../../classify/lexicon-examples.ts'
import type { PackCode } from '../../classify/pack.ts'

export function examplesOf(code: PackCode): { flag: { text: string; label: string }[]; clean: string[] } {
  const examples = all(code)
  return {
    flag: examples.flatMap(({ text, label }) => (label === undefined ? [] : [{ text, label }])),
    clean: examples.flatMap(({ text, label }) => (label === undefined ? [text] : [])),
  }
}
