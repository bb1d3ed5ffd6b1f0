import { expect, test } from 'vitest'
import { decodeBody } from '../../ingest/charset.ts'
import type { Decoded, DecodingHints } from '../../ingest/charset.ts'

/** The inverse of TextDecoder for the single-byte encodings. */
function encode(text: string, charset: string): Uint8Array {
  if (charset === 'utf-8') return Buffer.from(text)
  if (charset === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (charset === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  const byteOf = new Map(Array.from({ length: 256 }, (_, byte) => [charAt(byte, charset), byte]))
  return Uint8Array.from(text, char => {
    const byte = byteOf.get(char)
    if (byte === undefined) throw new Error(`${charset} has no ${char}`)
    return byte
  })
}
const charAt = (byte: number, charset: string): string => new TextDecoder(charset).decode(Uint8Array.of(byte))

function decode(bytes: Uint8Array, hints: Partial<DecodingHints> = {}): Decoded {
  return decodeBody(bytes, { kind: 'page', ...hints })
}

const TEXTS = {
  bosnian:
    'Šest mještana sela Žepče čekalo je općinsku odluku; načelnik kaže da će rješenje doći sljedeće sedmice.',
  serbian:
    'Juče je u Užicu održana izložba starih časovnika, a večeras će biti otvorena i pozorišna scena. Đaci dolaze sutra.',
  serbianCyrillic:
    'Јуче је у Ужицу одржана изложба старих часовника, а вечерас ће бити отворена и позоришна сцена. Ђаци долазе сутра.',
  macedonian:
    'Вчера во Велес беше отворена изложба на стари часовници. Ќе биде отворена до недела, велат луѓето од музејот.',
  albanian:
    'Dje në Gjakovë u hap ekspozita e orëve të vjetra, ndërsa sonte do të çelet edhe salla e teatrit për fëmijë.',
  slovene:
    'Včeraj so v Žalcu odprli razstavo starih ur, zvečer pa še gledališki oder. Učenci bodo prišli jutri.',
  english:
    'The mayor’s café reopened on Monday – “better than before”, she said, and the crème brûlée was free.',
}

const silent: readonly (readonly [text: keyof typeof TEXTS, charset: string])[] = [
  ['bosnian', 'windows-1250'],
  ['bosnian', 'iso-8859-2'],
  ['bosnian', 'utf-8'],
  ['bosnian', 'utf-16le'],
  ['bosnian', 'utf-16be'],
  ['serbian', 'windows-1250'],
  ['serbian', 'iso-8859-2'],
  ['serbianCyrillic', 'windows-1251'],
  ['serbianCyrillic', 'iso-8859-5'],
  ['serbianCyrillic', 'utf-8'],
  ['serbianCyrillic', 'utf-16le'],
  ['macedonian', 'windows-1251'],
  ['macedonian', 'iso-8859-5'],
  ['albanian', 'windows-1252'],
  ['albanian', 'windows-1250'],
  ['albanian', 'iso-8859-2'],
  ['slovene', 'windows-1250'],
  ['slovene', 'iso-8859-2'],
  ['english', 'windows-1252'],
]
for (const [name, charset] of silent) {
  test(`${name} in ${charset} without any label`, () => {
    expect(decode(encode(TEXTS[name], charset)).text).toBe(TEXTS[name])
  })
}

/** One headline each: all there is in a feed item, and hardly any letters to go by. */
const headlines: readonly (readonly [text: string, charset: string])[] = [
  ['Počela žetva', 'windows-1250'],
  ['Počela žetva', 'iso-8859-2'],
  ['Što dalje?', 'windows-1250'],
  ['Kiša i danas', 'iso-8859-2'],
  ['ŽENE U SPORTU', 'windows-1250'],
  ['„Bože pravde“ u Nišu', 'windows-1250'],
  ['Почела жетва', 'windows-1251'],
  ['Почела жетва', 'iso-8859-5'],
  ['НОВИ МОСТ У НИШУ', 'windows-1251'],
  ['НОВИ МОСТ У НИШУ', 'iso-8859-5'],
  ['Ќе има дожд', 'windows-1251'],
  ['Çmimet në rritje', 'windows-1252'],
]
for (const [headline, charset] of headlines) {
  test(`headline “${headline}” in ${charset} without any label`, () => {
    expect(decode(encode(headline, charset), { kind: 'feed' }).text).toBe(headline)
  })
}

interface Labelled {
  readonly name: string
  readonly text: keyof typeof TEXTS
  readonly charset: string
  readonly label: string
  readonly warns?: RegExp
  readonly charsetIs?: string
}
const labelled: readonly Labelled[] = [
  {
    name: '1250 called utf-8',
    text: 'bosnian',
    charset: 'windows-1250',
    label: 'utf-8',
    warns: /says utf-8/,
  },
  {
    name: '1250 called 8859-2',
    text: 'bosnian',
    charset: 'windows-1250',
    label: 'iso-8859-2',
    warns: /letters say windows-1250/,
  },
  {
    name: '8859-2 called 1250',
    text: 'serbian',
    charset: 'iso-8859-2',
    label: 'windows-1250',
    warns: /letters say iso-8859-2/,
  },
  {
    name: '1250 called latin1',
    text: 'serbian',
    charset: 'windows-1250',
    label: 'ISO-8859-1',
    warns: /letters say windows-1250/,
  },
  {
    name: '1251 called latin1',
    text: 'macedonian',
    charset: 'windows-1251',
    label: 'iso-8859-1',
    warns: /letters say windows-1251/,
  },
  {
    name: '1251 called 8859-5',
    text: 'serbianCyrillic',
    charset: 'windows-1251',
    label: 'iso-8859-5',
    warns: /letters say windows-1251/,
  },
  {
    name: '1251 called utf-8',
    text: 'macedonian',
    charset: 'windows-1251',
    label: 'UTF-8',
    warns: /says UTF-8/,
  },
  {
    name: 'UTF-8 called 1252',
    text: 'bosnian',
    charset: 'utf-8',
    label: 'windows-1252',
    warns: /bytes are utf-8/,
  },
  {
    name: 'UTF-8 called 1250',
    text: 'serbianCyrillic',
    charset: 'utf-8',
    label: 'windows-1250',
    warns: /bytes are utf-8/,
  },
  {
    name: 'UTF-16 called utf-8',
    text: 'serbian',
    charset: 'utf-16le',
    label: 'utf-8',
    warns: /bytes are utf-16le/,
  },
  {
    name: '1250 called utf-16',
    text: 'serbian',
    charset: 'windows-1250',
    label: 'utf-16',
    warns: /says utf-16/,
  },
  {
    name: 'an unknown name',
    text: 'serbian',
    charset: 'windows-1250',
    label: 'x-our-own',
    warns: /unknown: x-our-own/,
  },
  {
    name: 'utf-7 is not spoken',
    text: 'serbian',
    charset: 'windows-1250',
    label: 'utf-7',
    warns: /unknown: utf-7/,
  },
  { name: '1250 rightly', text: 'bosnian', charset: 'windows-1250', label: 'windows-1250' },
  { name: '1250 by its other name', text: 'bosnian', charset: 'windows-1250', label: 'cp1250' },
  {
    name: '8859-2 rightly',
    text: 'serbian',
    charset: 'iso-8859-2',
    label: 'latin2',
    charsetIs: 'iso-8859-2',
  },
  { name: '1251 rightly', text: 'macedonian', charset: 'windows-1251', label: 'windows-1251' },
  {
    name: '1252 rightly, with French words',
    text: 'english',
    charset: 'windows-1252',
    label: 'iso-8859-1',
    charsetIs: 'windows-1252',
  },
  {
    name: 'an encoding we cannot rank',
    text: 'serbianCyrillic',
    charset: 'x-mac-cyrillic',
    label: 'x-mac-cyrillic',
  },
]
for (const { name, text, charset, label, warns, charsetIs } of labelled) {
  for (const place of ['header', 'declaration', 'source'] as const) {
    test(`${name}, in the ${place}`, () => {
      const page = place === 'declaration' && !charset.startsWith('utf-16')
      const whole = page
        ? `<html><head><meta charset="${label}"></head><body>${TEXTS[text]}</body></html>`
        : TEXTS[text]
      const decoded = decode(encode(whole, charset), {
        ...(place === 'header' ? { contentType: `text/html; charset=${label}` } : {}),
        ...(place === 'source' ? { sourceCharset: label } : {}),
      })
      expect(decoded.text).toBe(whole)
      expect(decoded.charset).toBe(charsetIs ?? charset)
      if (warns && (place !== 'declaration' || page)) expect(decoded.warnings.join('\n')).toMatch(warns)
      else expect(decoded.warnings).toEqual([])
    })
  }
}

test('the header goes before the declaration, and that before the setting of the source', () => {
  // These bytes read the same in all three, so only the order decides.
  const bytes = encode('<?xml version="1.0" encoding="iso-8859-2"?><a>veče</a>', 'windows-1250')
  const hints = { kind: 'feed', sourceCharset: 'windows-1250' } as const
  expect(decode(bytes, { ...hints, contentType: 'text/xml; charset="windows-1250"' })).toMatchObject({
    charset: 'windows-1250',
    reason: 'HTTP header',
  })
  expect(decode(bytes, hints)).toMatchObject({ charset: 'iso-8859-2', reason: 'declaration' })
  expect(decode(encode('veče', 'windows-1250'), hints)).toMatchObject({ reason: 'source setting' })
  expect(decode(encode('veče', 'windows-1250'))).toMatchObject({ reason: 'letter statistics' })
})

test('where the header is wrong and the declaration right, the declaration is believed', () => {
  const page = `<meta http-equiv="Content-Type" content="text/html; charset=windows-1250"><p>${TEXTS.bosnian}`
  expect(decode(encode(page, 'windows-1250'), { contentType: 'text/html;charset=UTF-8' })).toMatchObject({
    text: page,
    charset: 'windows-1250',
    reason: 'declaration',
    warnings: ['HTTP header says UTF-8, the bytes are not'],
  })
})

test('a byte order mark goes before everything and is no part of the text', () => {
  for (const charset of ['utf-8', 'utf-16le', 'utf-16be']) {
    const bytes = encode(`\uFEFF${TEXTS.macedonian}`, charset)
    expect(decode(bytes, { contentType: 'text/xml; charset=windows-1251' })).toMatchObject({
      text: TEXTS.macedonian,
      charset,
      reason: 'byte order mark',
      warnings: [expect.stringContaining('says windows-1251')],
    })
  }
})

test('ASCII reads the same everywhere and is not argued about', () => {
  expect(
    decode(Buffer.from('Danas nema vijesti.'), { contentType: 'text/html; charset=windows-1250' }),
  ).toEqual({
    text: 'Danas nema vijesti.',
    charset: 'utf-8',
    reason: 'only ASCII bytes',
    warnings: [],
  })
})

test('UTF-8 with one broken byte stays UTF-8, and the byte is reported', () => {
  const bytes = Buffer.concat([Buffer.from(TEXTS.bosnian), Uint8Array.of(0xe9), Buffer.from(' kraj')])
  expect(decode(bytes, { contentType: 'text/html; charset=utf-8' })).toEqual({
    text: `${TEXTS.bosnian}\uFFFD kraj`,
    charset: 'utf-8',
    reason: 'the bytes are UTF-8 with errors',
    warnings: ['undecodable bytes: 1'],
  })
})

test('UTF-8 that was cut in a letter stays UTF-8', () => {
  const bytes = Buffer.from(TEXTS.serbianCyrillic)
  expect(decode(bytes.subarray(0, 101)).charset).toBe('utf-8')
})

test('bytes that nothing decodes still give an answer, and a warning', () => {
  const noise = Uint8Array.from({ length: 3_000 }, (_, i) => (i * i * 37 + i * 91 + 17) % 256)
  const decoded = decode(noise)
  expect(decoded.text).toContain('\uFFFD')
  expect(decoded.warnings.join()).toMatch(/undecodable bytes: \d+/)
})

test('a byte that has no character in the encoding becomes U+FFFD', () => {
  const bytes = Buffer.concat([encode(TEXTS.bosnian, 'windows-1250'), Uint8Array.of(0x20, 0x81)])
  expect(decode(bytes, { contentType: 'text/html; charset=windows-1250' })).toMatchObject({
    text: `${TEXTS.bosnian} \uFFFD`,
    warnings: ['undecodable bytes: 1'],
  })
})

test('no bytes are no text', () => {
  expect(decode(new Uint8Array())).toMatchObject({ text: '', warnings: [] })
})

test('five megabytes without a label take less than a second', () => {
  const bytes = encode(TEXTS.bosnian.repeat(50_000), 'windows-1250')
  const began = performance.now()
  expect(decode(bytes).charset).toBe('windows-1250')
  expect(performance.now() - began).toBeLessThan(1_000)
})
