/** The same sentence in another script, without diacritics, or disguised gets the same flags. */
import { describe, expect, test } from 'vitest'
import type { Flag } from '../../core/finding.ts'
import type { Language } from '../../core/labels.ts'
import { fold, latinize } from '../../core/text.ts'
import { CLEAN, FLAGGED, NO_ALERT } from './codebook-sentences.ts'
import { read } from './bundled.ts'
import { examplesOf } from './examples.ts'

const CYRILLIC: Readonly<Record<string, string>> = {
  lj: 'љ',
  nj: 'њ',
  dž: 'џ',
  a: 'а',
  b: 'б',
  v: 'в',
  g: 'г',
  d: 'д',
  đ: 'ђ',
  e: 'е',
  ž: 'ж',
  z: 'з',
  i: 'и',
  j: 'ј',
  k: 'к',
  l: 'л',
  m: 'м',
  n: 'н',
  o: 'о',
  p: 'п',
  r: 'р',
  s: 'с',
  t: 'т',
  ć: 'ћ',
  u: 'у',
  f: 'ф',
  h: 'х',
  c: 'ц',
  č: 'ч',
  š: 'ш',
}

function cyrillic(text: string): string {
  return text.replace(/lj|nj|dž|\p{L}/giu, letters => {
    const other = CYRILLIC[letters.toLowerCase()]
    if (other === undefined) return letters
    return letters.charAt(0) === letters.charAt(0).toLowerCase() ? other : other.toUpperCase()
  })
}

function plain(text: string): string {
  return text.replace(/đ/g, 'dj').replace(/Đ/g, 'Dj').normalize('NFD').replace(/\p{M}/gu, '')
}

/** What a reviewer sees of a flag, in no script. */
function verdict(flag: Flag): unknown[] {
  const {
    category,
    subtype,
    severity,
    confidence,
    rule,
    targets,
    event,
    voice,
    stance,
    speaker,
    field,
    quote,
  } = flag
  return [
    category,
    subtype,
    severity,
    confidence,
    rule,
    targets,
    event,
    voice,
    stance,
    speaker && fold(speaker),
    field,
    fold(quote),
  ]
}

function verdicts(language: Language, text: string): unknown[] {
  return read(language, text).flags.map(verdict)
}

const sentences: [Language, string][] = [
  ...[...FLAGGED, ...CLEAN, ...NO_ALERT].map(([language, text]): [Language, string] => [language, text]),
  ...(['hbs', 'mk', 'sq', 'en'] as const).flatMap(code => {
    const { flag, clean } = examplesOf(code)
    return [...flag.map(one => one.text), ...clean].map((text): [Language, string] => [code, text])
  }),
]
const isCyrillic = (text: string): boolean => /\p{Script=Cyrillic}/u.test(text)

describe('another script gives the same flags', () => {
  test.each(sentences.filter(([language, text]) => language === 'hbs' && !isCyrillic(text)))(
    '%s: %s',
    (language, text) => {
      expect(verdicts(language, cyrillic(text))).toEqual(verdicts(language, text))
    },
  )

  test.each(sentences.filter(([, text]) => isCyrillic(text)))('%s: %s', (language, text) => {
    expect(verdicts(language, latinize(text))).toEqual(verdicts(language, text))
  })
})

describe('no diacritics give the same flags', () => {
  test.each(sentences.filter(([, text]) => !isCyrillic(text)))('%s: %s', (language, text) => {
    expect(verdicts(language, plain(text))).toEqual(verdicts(language, text))
  })
})

describe('capitals give the same labels', () => {
  test.each(sentences.filter(([language]) => language !== 'en'))('%s: %s', (language, text) => {
    // Labels, not flags: where a capital tells a name from a word, capitals alone cannot.
    const labels = (value: string): Set<string> =>
      new Set(read(language, value).flags.map(flag => `${flag.category}/${flag.subtype}`))
    expect(labels(text.toUpperCase())).toEqual(labels(text))
  })
})

describe('a disguise is seen through and said', () => {
  test.each([
    ['letters split', 'Tzv. g.e.n.o.c.i.d u Srebrenici'],
    ['letters spaced', 'Tzv. g e n o c i d u Srebrenici'],
    ['commas within', 'Tzv. ge,noc,id u Srebrenici'],
    ['digits for letters', 'Tzv. g3n0cid u Srebrenici'],
    ['Cyrillic look-alikes', 'Tzv. gеnоcid u Srebrenici'],
    ['an invisible sign', 'Tzv. geno\u200bcid u Srebrenici'],
  ])('%s', (_, text) => {
    const flag = read('hbs', text).flags[0]
    expect(flag).toMatchObject({ category: 'denial', subtype: 'qualification', evasive: true })
    expect(flag?.quote).toBe(text.slice(flag?.start, flag?.end))
  })

  test('ordinary spelling is not called a disguise', () => {
    expect(read('hbs', 'Tzv. genocid u Srebrenici').flags[0]?.evasive).toBeUndefined()
  })
})

describe('Macedonian typed in Latin with two letters for one', () => {
  test.each([
    ['Шиптарите се стаорци, пишува тој.', 'Shiptarite se staorci, pishuva toj.'],
    ['Немаше геноцид во Сребреница, рече тој.', 'Nemashe genocid vo Srebrenica, reche toj.'],
    ['Продадена душа е секој Србин меѓу нас.', 'Prodadena dusha e sekoj Srbin megju nas.'],
    ['Ромите не се луѓе, пишува тој.', 'Romite ne se luge, pishuva toj.'],
  ])('%s is %s', (cyrillic, typed) => {
    const labels = (text: string): string[] =>
      read('mk', text).flags.map(flag => `${flag.category}/${flag.subtype}`)
    expect(labels(typed)).toEqual(labels(cyrillic))
    expect(labels(typed)).toHaveLength(1)
  })
})
