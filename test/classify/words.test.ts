/** Words put together again that were split, disguised or abbreviated; and ordinary writing that is left alone. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../../core/text.ts'
import { languagePack } from '../../classify/languages.ts'
import { Vocabulary } from '../../classify/matcher.ts'
import { parsePattern } from '../../classify/pattern.ts'
import { readWords, wordsOf } from '../../classify/words.ts'
import { read } from './bundled.ts'

const pack = languagePack('hbs')
const TERMS = ['genocid', 'genocidu', 'pacovi', 'mrzimo', 'jasenovac', 'bagra']
const words = (text: string, terms: readonly string[] = TERMS): string[] =>
  wordsOf(text, pack, folded => terms.includes(folded)).map(word => word.folded)

describe('a word of the lexicon is seen', () => {
  test.each([
    ['letters spaced, with a short word behind', 'm r z i m o i psujemo', 'mrzimo'],
    ['letters spaced, with another such word behind', 'p a c o v i b a g r a', 'pacovi'],
    ['stops within', 'ge.noc.id', 'genocid'],
    ['strokes within', 'g/e/n/o/c/i/d', 'genocid'],
    ['a sign for a letter', 'p@covi', 'pacovi'],
    ['digits for letters', '9en0c1d', 'genocid'],
    ['a letter stretched', 'paaaacovi', 'pacovi'],
    ['one letter starred, where one fits', 'pac*vi', 'pacovi'],
  ])('%s', (_, text, term) => {
    const word = wordsOf(text, pack, folded => TERMS.includes(folded)).find(one => one.folded === term)
    expect(word).toMatchObject({ disguised: true })
  })
})

describe('nothing is guessed', () => {
  test.each([
    ['of a first letter and stars', 'p***** i g******'],
    ['where two letters fit the star', 'pac*vi'],
    ['of initials', 'J. P. M. i A. Đ.'],
    ['of initials of a longer name', 'P. A. C. O. V. I.'],
    ['of a paragraph sign and letters', 'a b c d e'],
    ['of an address', 'ana@covi.example'],
  ])('%s', (_, text) => {
    const terms = [...TERMS, 'pacavi']
    expect(words(text, terms).filter(word => terms.includes(word))).toEqual([])
  })
})

describe('abbreviations', () => {
  test.each([
    ['tzv. genocid', 'tzv'],
    ['t.zv. genocid', 'tzv'],
    ['t. zv. genocid', 'tzv'],
    ['т.зв. геноцид', 'tzv'],
  ])('%s', (text, whole) => {
    expect(words(text)).toEqual([whole, 'genocid'])
  })
  test('in Macedonian', () => {
    const folded = wordsOf('т.н. геноцид, т. нар. геноцид', languagePack('mk'), () => false)
    expect(folded.map(word => word.folded)).toEqual(['tn', 'genocid', 'tn', 'genocid'])
  })
})

const anyText = fc.array(
  fc.oneof(
    fc.constantFrom(
      'g.e.n.o.c.i.d',
      'g e n o c i d u',
      'pac*vi',
      'p@covi',
      't.zv.',
      '8.000',
      'ćaaao',
      '* ',
      '.',
      ' ',
    ),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
  ),
  { maxLength: 12 },
)

describe('whatever stands there', () => {
  const vocabulary = new Vocabulary()
  for (const term of TERMS) vocabulary.slot(parsePattern(term)[0]!.of)
  vocabulary.slot(parsePattern('srebren*')[0]!.of)

  test('words stand in order, none overlaps, and each plain one folds to itself', () => {
    fc.assert(
      fc.property(anyText, parts => {
        const text = parts.join('')
        let last = 0
        for (const word of readWords(text, pack, vocabulary).words()) {
          expect(word.start).toBeGreaterThanOrEqual(last)
          expect(word.end).toBeGreaterThan(word.start)
          if (!word.disguised && !/[.,\s]/u.test(text.slice(word.start, word.end)))
            expect(fold(text.slice(word.start, word.end)).replaceAll(' ', '')).toBe(word.folded)
          last = word.end
        }
        expect(last).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 500 },
    )
  })

  test('reading by numbers finds what looking up strings finds', () => {
    fc.assert(
      fc.property(anyText, parts => {
        const text = parts.join('')
        const read = readWords(text, pack, vocabulary)
        const plain = wordsOf(text, pack, folded => vocabulary.look(folded).length > 0)
        expect(read.words().map(word => [word.folded, word.start, word.end])).toEqual(
          plain.map(word => [word.folded, word.start, word.end]),
        )
        expect(Array.from(read.fills, fill => vocabulary.placesOf(fill))).toEqual(
          plain.map(word => vocabulary.look(word.folded)),
        )
      }),
      { numRuns: 500 },
    )
  })

  test('initials never become a word of the lexicon', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('P', 'A', 'C', 'O', 'V', 'I', 'G', 'E', 'N', 'D', 'M', 'R', 'Z'), {
          minLength: 2,
          maxLength: 8,
        }),
        letters => {
          const text = letters.map(letter => `${letter}.`).join(' ')
          expect(words(text).filter(word => TERMS.includes(word))).toEqual([])
        },
      ),
    )
  })
})

test('a flag made of a disguise says so, and its quote is what was written', () => {
  for (const text of ['Ovo su š!ptari, kaže.', 'Ovo su šiiiptari, kaže.', 'Ovo su š i p t a r i, kaže.']) {
    const flag = read('bs', text).flags[0]
    expect(flag).toMatchObject({ category: 'slur', evasive: true })
    expect(flag?.quote).toBe(text.slice(7, text.indexOf(',')))
  }
})
