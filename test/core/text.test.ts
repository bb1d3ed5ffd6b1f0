/** The normaliser: all ways to write a word agree, every token leads back to the original, hostile text costs little. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isMixedScript,
  latinize,
  lightStem,
  scriptOf,
  searchTokens,
  fold,
  tokenize,
} from '../../core/text.ts'

const same: readonly { readonly word: string; readonly written: readonly string[] }[] = [
  {
    word: 'genocid',
    written: ['genocid', 'GENOCID', 'геноцид', 'ГЕНОЦИД', 'ｇｅｎｏｃｉｄ', '𝐠𝐞𝐧𝐨𝐜𝐢𝐝', 'ⓖⓔⓝⓞⓒⓘⓓ', 'ɢᴇɴᴏᴄɪᴅ'],
  },
  {
    word: 'genocid',
    written: [
      'ge\u00adno\u200bcid',
      'g\u2060enoci\ufeffd',
      'g\u0336e\u0336n\u0336o\u0336c\u0336i\u0336d\u0336',
      'gеnоcіd',
      'геnoцид',
      'gεnοcid',
    ],
  },
  { word: 'srebrenici', written: ['Srebrenici', 'Сребреници', 'СРЕБРЕНИЦИ', 'Ѕrebrenici'] },
  { word: 'ceski', written: ['češki', 'čéskí', 'c\u030ceski', 'ćeški', 'чешки', 'ceski'] },
  { word: 'djak', written: ['đak', 'Đak', 'ĐAK', 'ђак', 'djak', 'ðak', 'Ðak', 'дјак'] },
  { word: 'dzamija', written: ['džamija', 'ǆamija', 'ǅamija', 'џамија', 'Џамија', 'dzamija'] },
  { word: 'njegos', written: ['Njegoš', 'ǌegoš', 'Његош', 'ЊЕГОШ'] },
  { word: 'ljubav', written: ['ljubav', 'ǉubav', 'љубав'] },
  { word: 'gjavol', written: ['ѓавол', 'г\u0301авол', 'г\u200d\u0301авол', 'gjavol', 'Ѓавол'] },
  { word: 'kjerka', written: ['ќерка', 'к\u0301ерка', 'kjerka'] },
  { word: 'dzvezda', written: ['ѕвезда', 'Ѕвезда', 'dzvezda'] },
  {
    word: 'sjutra',
    written: ['śutra', 's\u0301utra', 'с\u0301утра'].map(word =>
      word.replace('utra', 'jutra').replace('утра', 'јутра'),
    ),
  },
  { word: 'zenica', written: ['źenica', 'з\u0301еница', 'Zenica', 'ženica'] },
  { word: 'eshte', written: ['është', 'ËSHTË', 'e\u0308shte\u0308', 'eshte'] },
  { word: 'cka', written: ['çka', 'c\u0327ka', 'ČKA', 'чка'] },
  { word: 'istanbul', written: ['İstanbul', 'istanbul', 'ISTANBUL', 'ıstanbul'] },
  { word: 'jevrej', written: ['Jevrej', 'Јевреј', 'Jeврeй', 'Јевре\u0438\u0306'] },
  { word: 'viii', written: ['VIII', 'Ⅷ', 'ⅷ'] },
]

describe('all ways to write a word fold to one', () => {
  for (const { word, written } of same) {
    for (const one of written) test(`${one} is ${word}`, () => expect(fold(one)).toBe(word))
  }
})

describe('look-alike letters follow the script of the word', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['НАТO', 'nato'], // Cyrillic with a Latin O
    ['ВАНДА', 'vanda'], // all Cyrillic: nothing is disguised
    ['BАNDA', 'banda'], // Latin with a Cyrillic А
    ['рeder', 'peder'], // a Cyrillic р stands for p, not for r
    ['народ', 'narod'],
    ['нaрoд', 'narod'], // Cyrillic with Latin a, o
    ['HАРOД', 'narod'], // H looks like Н
    ['сè', 'se'], // è of a Latin keyboard, as Macedonians type it
    ['ἀÌ', 'ai'], // beside Greek it is Latin
    ['нè', 'ne'],
    ['реdеrа', 'pedera'], // most letters are Cyrillic, but d and r can only be Latin
  ]
  for (const [written, folded] of cases)
    test(`${written} folds to ${folded}`, () => expect(fold(written)).toBe(folded))
  test('a mixed word can be told', () => {
    expect(['genocid', 'геноцид', 'COVID19', 'gеnocid', 'ɡeno', 'narоd'].map(isMixedScript)).toEqual([
      false,
      false,
      false,
      true,
      false,
      true,
    ])
  })
  test('a Macedonian word with the accented letter of a Latin keyboard is no mixed one', () => {
    expect(['сè', 'Сè', 'сѐ', 'нè', 'ìм', 'се\u0300', 'пиècе'].map(isMixedScript)).toEqual([
      ...Array<boolean>(6).fill(false),
      true,
    ])
  })
})

describe('words are cut where readers see them end', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["s'ka", ['s', 'ka']],
    ['s’ka', ['s', 'ka']],
    ['sʼka', ['s', 'ka']],
    ['snake_case', ['snake', 'case']],
    ['bosansko-hercegovački', ['bosansko', 'hercegovacki']],
    ['8.372 žrtve', ['8', '372', 'zrtve']],
    ['1995.godine', ['1995', 'godine']],
    ['Srebrenica¹ i m²', ['srebrenica', 'i', 'm']],
    ['Marka™', ['marka']],
    ['„genocid“', ['genocid']],
    ['riječ\u2028riječ', ['rijec', 'rijec']],
    ['\u0301\u0301 a', ['a']],
    ['\ud800a\udc00', ['a']],
    ['', []],
    [' \u200b\u200b ', []],
  ]
  for (const [text, words] of cases) {
    test(JSON.stringify(text), () => expect(tokenize(text).map(token => token.folded)).toEqual(words))
  }
  test('symbols that stand for several characters are no words', () => expect(fold('½ ℃ ﷺ №')).toBe(''))
})

test('offsets are those of the original, invisible and combining characters inside', () => {
  expect(tokenize('  ge\u00adno, š\u0301a\u200b! 𝐚𝐛')).toEqual([
    { folded: 'geno', start: 2, end: 7 },
    { folded: 'sa', start: 9, end: 12 },
    { folded: 'ab', start: 15, end: 19 },
  ])
})

// Everything that makes trouble, and ordinary letters to make trouble with.
const TROUBLE = Array.from("abcHPнрРсCхѓгкиЊđǆİßﬁλάΣοΣς09 _-'ʼ.½Ⓐ𝐚").concat([
  '\u0301',
  '\u0316',
  '\u0306',
  '\u200d',
  '\u00ad',
  '\u034f',
  '\ufe0f',
  '\ud800',
  '\udc00',
  '\u1100',
  '\u1161',
  '\u3164',
  'ﷲ',
  '한',
])
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...TROUBLE), { maxLength: 30 }).map(parts => parts.join('')),
  fc
    .array(
      fc.nat(0xffff).map(code => String.fromCharCode(code)),
      { maxLength: 30 },
    )
    .map(parts => parts.join('')),
)

describe('for any text', () => {
  test('the raw slice of every token folds to the token, and tokens come in order', () => {
    fc.assert(
      fc.property(anyText, text => {
        let last = 0
        for (const { folded, start, end } of tokenize(text)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(text.length)
          expect(tokenize(text.slice(start, end))).toEqual([{ folded, start: 0, end: end - start }])
          last = end
        }
      }),
      { numRuns: 5_000 },
    )
  })

  test('fold gives letters, digits and single spaces, the words of tokenize, and itself when folded again', () => {
    fc.assert(
      fc.property(anyText, text => {
        const folded = fold(text)
        expect(folded).toMatch(/^([\p{L}\p{N}]+( [\p{L}\p{N}]+)*)?$/u)
        expect(folded).toBe(
          tokenize(text)
            .map(token => token.folded)
            .join(' '),
        )
        expect(fold(folded)).toBe(folded)
        expect(searchTokens(text).exact).toEqual(folded === '' ? [] : folded.split(' '))
      }),
      { numRuns: 5_000 },
    )
  })

  test('a stem is its own stem, begins the word, and keeps three letters', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom(...Array.from('aeiomgvhtns')), { maxLength: 12 })
          .map(letters => letters.join('')),
        word => {
          const stem = lightStem(word)
          expect(lightStem(stem)).toBe(stem)
          expect(word.startsWith(stem)).toBe(true)
          expect(stem.length).toBeGreaterThanOrEqual(Math.min(3, word.length))
        },
      ),
    )
  })
})

test('every single character folds to at most four letters, and to itself when folded again', () => {
  for (let code = 0; code < 0x10000; code++) {
    const folded = fold(String.fromCharCode(code))
    if (folded.length > 4 || fold(folded) !== folded) expect.fail(`U+${code.toString(16)} folds to ${folded}`)
  }
})

describe('one stem for the forms of a word', () => {
  const forms = [
    'genocid геноцид Genocida genocidu genocidom genocidi genocidima геноцидот genocides genocidit genocidin',
    'Srebrenica Srebrenice Srebrenici Srebrenicu Srebrenicom Сребреници Сребреница',
    'shqiptar shqiptarët shqiptarëve shqiptarit shqiptarin shqiptarë shqiptari',
    'Srbi Srba Srbima Srbe Срби Србима',
    'srpski srpskog srpskim srpska srpskih srpskoga srpskima srpskom српске',
    'zločin zločina zločini zločinima zločinom злочини',
    'grad gradovi gradova gradom gradovima',
    'Kosovo Kosova Kosovu Kosovë Kosovës Косово',
    'musliman muslimani muslimana muslimanima муслиманите',
    'islam islama islamu islamom',
    'Serb Serbs serbe',
    'genocide genocides',
    'žrtva žrtve žrtvama žrtvu',
    'Bosna Bosne Bosni Bosnom Bosnia',
  ]
  for (const line of forms) {
    test(line, () => expect(new Set(searchTokens(line).stem).size).toBe(1))
  }
  test('other words keep another stem', () => {
    const different =
      'danas dan granat grana planet plan radio rad Srebrenik Srebrenica kosovo kos islam isti rat ratar bog'
    const { stem } = searchTokens(different)
    expect(new Set(stem).size).toBe(stem.length)
  })
})

describe('scripts', () => {
  const cases = [
    ['Predsjednik je rekao', 'Latn'],
    ['Предсједник је рекао', 'Cyrl'],
    ['Предсједник је рекао за BBC', 'Cyrl'],
    ['Prvi dio teksta. Други дио текста.', 'mixed'],
    ['Καλημέρα κόσμε', 'other'],
    ['12345 …', 'other'],
    ['', 'other'],
  ] as const
  for (const [text, script] of cases) test(`${text} is ${script}`, () => expect(scriptOf(text)).toBe(script))
  test('Cyrillic is written in Latin with diacritics and case', () => {
    expect(latinize('Његош, ЊЕГОШ и Ђорђе: џез, чаша, ћуп. Љ')).toBe(
      'Njegoš, NJEGOŠ i Đorđe: džez, čaša, ćup. Lj',
    )
    expect(latinize('Ќерка, ѓавол, ѕвезда')).toBe('Ḱerka, ǵavol, dzvezda')
    expect(latinize('Already Latin č ë')).toBe('Already Latin č ë')
  })
})

describe('hostile text costs less than a second', () => {
  const hostile: Readonly<Record<string, string>> = {
    '200,000 combining marks': 'a' + '\u0301\u0316'.repeat(100_000),
    'marks parted by joiners': 'a' + ('\u0301\u0316'.repeat(15) + '\u200d').repeat(6_000),
    'a line of 1 MB': 'x'.repeat(1_000_000),
    '200,000 lone surrogates': '\ud800'.repeat(200_000),
    '200,000 invisible characters': 'a' + '\u200b'.repeat(200_000),
    'one word of two scripts': 'aб'.repeat(100_000),
    '66,000 words of two scripts': 'aб '.repeat(66_000),
    'ligatures that expand': '\ufdfa\ufdf2'.repeat(100_000),
  }
  for (const [name, text] of Object.entries(hostile)) {
    test(name, () => {
      // Time of this process, not of the clock: other processes may hold the machine.
      const before = process.cpuUsage()
      fold(text)
      tokenize(text)
      searchTokens(text)
      const { user, system } = process.cpuUsage(before)
      expect((user + system) / 1000).toBeLessThan(1_000)
    })
  }
})

test('only the first 200,000 characters are read', () => {
  expect(fold('a'.repeat(300_000))).toHaveLength(200_000)
})

test('the index keeps 64 letters of a word', () => {
  expect(searchTokens('a'.repeat(100)).exact).toEqual(['a'.repeat(64)])
})
