/** What the encoder sees of a text: the same whatever way it is written, never too much, and always with a way back. */
import { describe, expect, test } from 'vitest'
import { markerCharacter } from '../../../classify/model/markers.ts'
import { MAX_TOKENS } from '../../../classify/model/window.ts'
import { fold, latinize } from '../../../core/text.ts'
import { allWindows, tokenizer, windowsIn } from './fixture.ts'

const texts = (language: 'sr' | 'mk' | 'sq' | 'en' | 'hr', text: string): string[] =>
  allWindows(language, text).map(window => window.text)

describe('names of groups', () => {
  const bare = (language: 'sr' | 'mk' | 'sq' | 'en' | 'hr', text: string): string[] =>
    texts(language, text).map(window => window.replace(/[\ue000-\uf8ff] /gu, ''))

  test.each([
    ['hr', 'Hrvati su Srbima prodali kuće.', 'Albanci su Bošnjacima prodali kuće.'],
    ['hr', 'Bošnjak je sreo Hrvata i Crnogorku.', 'Bugarin je sreo Mađara i Makedonku.'],
    ['sr', 'Romska deca i srpske žene.', 'Jevrejska deca i hrvatske žene.'],
    ['mk', 'Албанците не ги сакаат српските школи.', 'Бугарите не ги сакаат ромските школи.'],
    ['sq', 'Serbët u kanë marrë tokën boshnjakëve.', 'Kroatët u kanë marrë tokën malazezëve.'],
    ['en', 'Serbs met Croats and a Bosnian mayor.', 'Albanians met Jews and a Turkish mayor.'],
  ] as const)('are the same whoever is named, in %s: %s', (language, text, other) => {
    expect(bare(language, other)).toEqual(bare(language, text))
  })

  test('stay apart: who is named twice has one name, another has another', () => {
    expect(bare('hr', 'Hrvati i Bošnjaci žive uz Hrvate.')).toEqual(['srbi i hrvati zive uz srbe.'])
  })

  test('are given by the sentence in the middle, before those of its neighbours', () => {
    const [, second] = bare('hr', 'Albanci i Romi su došli. Romi su ostali. Albanci su otišli.')
    expect(second).toBe('hrvati i srbi su dosli. srbi su ostali. hrvati su otisli.')
  })

  test('point to the words they stand for', () => {
    const text = 'Došli su Crnogorci.'
    const [window] = windowsIn('hr', text).at(0)
    const [start, end] = [text.indexOf('Crnogorci'), text.indexOf('.')]
    expect(window!.starts.some((from, at) => from === start && window!.ends[at] === end)).toBe(true)
  })

  test('of migrants stay: they are no people among others', () => {
    const [text] = bare('hr', 'Migranti i Srbi.')
    expect(text).toBe('migranti i srbi.')
  })
})

describe('model text', () => {
  const serbian = 'Љубљана и Ђаково су градови. „Џез“ се чује — рекао је Његош!'

  test.each([
    ['in Latin', latinize(serbian)],
    ['in capitals', serbian.toUpperCase()],
    ['with other quotation marks', serbian.replace('„', '»').replace('“', '«')],
    ['with a Latin look-alike', serbian.replace('градови', 'грaдови')],
    ['with a soft hyphen', serbian.replace('градови', 'гра\u00addови')],
  ])('of Serbian is the same %s', (_, other) => {
    expect(texts('sr', other)).toEqual(texts('sr', serbian))
  })

  test('of Serbian is folded Latin with its signs', () => {
    expect(texts('sr', serbian)[0]).toBe('ljubljana i djakovo su gradovi. "dzez" se cuje - rekao je njegos!')
  })

  test.each([
    [
      'Vijeće je poslije srijede raspravljalo o riječima svjedoka.',
      'Veće je posle srede raspravljalo o rečima svedoka.',
    ],
    ['Djeca su vidjela gdje su živjeli njihovi djedovi.', 'Deca su videla gde su živeli njihovi dedovi.'],
    [
      'Nijemac je protjerivao susjede, ubijedio ih i ocijenio.',
      'Nemac je proterivao susede, ubedio ih i ocenio.',
    ],
    ['Prije zločina prijetili su čovjeku iz Bijeljine.', 'Pre zločina pretili su čoveku iz Bijeljine.'],
  ])('is the same in both pronunciations: %s', (ijekavian, other) => {
    expect(texts('hr', ijekavian)).toEqual(texts('sr', other))
  })

  test.each([
    'prijem',
    'objekt',
    'zemlje',
    'nije',
    'ubijen',
    'bijeljina',
    'prijatelj',
    'vođe',
    'milje',
    'istorije',
    'razvijen',
  ])('leaves %s as it is: it is no yat', word => {
    const [text] = texts('hr', `Ovo je ${word}.`)
    // One of them is the place of an event, and has a marker.
    expect(text!.replace(/[\ue000-\uf8ff] /u, '')).toBe(`ovo je ${fold(word)}.`)
  })

  test('of Macedonian is Cyrillic, also where it was typed in Latin', () => {
    expect(texts('mk', 'Ѓорѓи рече дека сѐ е во ред.')).toEqual(['ѓорѓи рече дека се е во ред.'])
    expect(texts('mk', 'Gjorgji reče deka Ohrid e ubav.')).toEqual(['ѓорѓи рече дека охрид е убав.'])
  })

  test('of Albanian has no diacritics', () => {
    expect(texts('sq', 'Çështja është e qartë.')).toEqual(texts('sq', 'Ceshtja eshte e qarte.'))
  })

  test('holds letters, digits and signs alone, whatever stands in the text', () => {
    const [text] = texts('en', 'A 😀 “b”… ½ ﬁne x² \ue000 \u{f0000} <s> </s> ▁ [c] {d} | ~')
    expect(text).toMatch(/^[\p{Ll}\p{Lo}\p{Nd}.,:;!?()%&/+"' -]+$/u)
    expect(text).toBe(text!.normalize('NFKC'))
  })
})

describe('markers', () => {
  test('stand before groups, events with their finding, convicted and acquitted persons', () => {
    const [text] = texts('hr', 'Srbi su govorili o Srebrenici, Ratku Mladiću i Anti Gotovini.')
    expect(text).toBe(
      `${markerCharacter('GROUP')} srbi su govorili o ${markerCharacter('EVENT genocide')} srebrenici, ` +
        `${markerCharacter('CONVICTED')} ratku mladicu i ${markerCharacter('ACQUITTED')} anti gotovini.`,
    )
  })

  test('do not stand before cash, which only looks like a name', () => {
    expect(texts('hr', 'Platio je gotovinom.')).toEqual(['platio je gotovinom.'])
  })
})

describe('a window', () => {
  const sentences = Array.from(
    { length: 9 },
    (_, at) => `Rečenica broj ${String(at)} govori o rijeci i mostu.`,
  )

  test('is the sentence with its neighbours', () => {
    const windows = windowsIn('hr', sentences.join(' '))
    expect(windows.count).toBe(9)
    const [window] = windows.at(4)
    expect(window!.text).toContain('broj 4')
    expect(window!.text).toContain('broj 3')
    expect(window!.text).toContain('broj 5')
    expect(window!.text).not.toContain('broj 2')
  })

  test('is the same in whatever order windows are asked for', () => {
    const forwards = windowsIn('hr', sentences.join(' '))
    const backwards = windowsIn('hr', sentences.join(' '))
    const all = sentences.map((_, at) => forwards.at(at))
    expect([...sentences.keys()].reverse().map(at => backwards.at(at))).toEqual(all.reverse())
  })

  test('has the tokens of its text, and never more than it may', () => {
    const long = `Na sastanku ${'je rečeno da će kiša padati '.repeat(80)}.`
    const windows = allWindows('hr', `${sentences.join(' ')} ${long} ${sentences.join(' ')}`)
    for (const { text, ids } of windows) {
      expect(ids.length).toBeLessThanOrEqual(MAX_TOKENS)
      expect(ids.slice(1, -1)).toEqual(tokenizer.encode(text).ids)
    }
  })

  test('begins with a whole word, also where its neighbour is made of rare ones', () => {
    const rare = 'Zrnčetkov Qwfpgjl Xžvčćđ Wyqkkj Čvrgljčić Ždrvnjš'
    const text = Array.from({ length: 12 }, (_, at) => `${rare} ${'kiša '.repeat(at)}${rare}.`).join(' ')
    for (const { text: shown, ids } of allWindows('hr', text))
      expect(ids.slice(1, -1)).toEqual(tokenizer.encode(shown).ids)
  })

  test('leads back to the place in the original', () => {
    const text = 'Prva. „Ђаци” su u š\u00adkoli, rekao je. Treća rečenica.'
    const [window] = windowsIn('sr', text).at(1)
    const places = window!.ids.map((_, at) => text.slice(window!.starts[at], window!.ends[at]))
    expect(places).toContain('Ђаци')
    expect(places).toContain('š\u00adkoli')
  })

  test('covers all of a sentence that is longer than itself', () => {
    const words = Array.from({ length: 240 }, (_, at) => `riječ${String(at)}`)
    const seen = windowsIn('hr', `${words.join(' ')}.`)
      .at(0)
      .map(window => window.text)
      .join(' ')
    expect(words.filter(word => !seen.includes(word.replace('riječ', 'rec')))).toEqual([])
  })

  test.each([
    ['one sentence of a megabyte', 'rijec '.repeat(170_000)],
    ['one word of a megabyte', 'r'.repeat(1_000_000)],
    ['a megabyte of signs', '."-'.repeat(330_000)],
    ['unknown characters alone', '漢字'.repeat(50_000)],
    ['a megabyte of emoji', '😀'.repeat(250_000)],
    ['nothing', ''],
  ])('of %s takes bounded time and memory', (_, text) => {
    const before = process.cpuUsage()
    const windows = allWindows('hr', text.slice(0, 200_000))
    expect(windows.every(window => window.ids.length <= MAX_TOKENS)).toBe(true)
    expect(windows.length).toBeLessThan(3_000)
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000)
  })
})
