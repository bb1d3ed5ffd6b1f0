/** Macedonian words in Cyrillic, however they were typed. */

/** @param isLatin the text is in Latin: its words were typed so. A Latin word of a Cyrillic text is a foreign one. */
export function inCyrillic(word: string, isLatin: boolean): string | undefined {
  if (/\p{Script=Cyrillic}/u.test(word)) return withoutAccents(word)
  return isLatin ? fromLatin(word) : undefined
}

/** сѐ and се, ѝ and и: many keyboards have no accents. ѓ, ќ and й are letters of their own. */
function withoutAccents(word: string): string {
  return word.normalize('NFC').replace(/[ѐѝ]|\p{M}/gu, char => (char === 'ѐ' ? 'е' : char === 'ѝ' ? 'и' : ''))
}

/** Macedonian typed in Latin, in the usual ways to do so. */
const CYRILLIC: Readonly<Record<string, string>> = {
  ...{ dž: 'џ', lj: 'љ', nj: 'њ', gj: 'ѓ', kj: 'ќ', dz: 'ѕ', zh: 'ж', ch: 'ч', sh: 'ш' },
  ...{ ǵ: 'ѓ', ḱ: 'ќ', č: 'ч', ž: 'ж', š: 'ш', ć: 'ќ', đ: 'ѓ' },
  ...{
    a: 'а',
    b: 'б',
    v: 'в',
    g: 'г',
    d: 'д',
    e: 'е',
    z: 'з',
    i: 'и',
    j: 'ј',
    k: 'к',
    l: 'л',
    m: 'м',
    n: 'н',
  },
  ...{ o: 'о', p: 'п', r: 'р', s: 'с', t: 'т', u: 'у', f: 'ф', h: 'х', c: 'ц' },
}

function fromLatin(word: string): string {
  return word.replace(/dž|lj|nj|gj|kj|dz|zh|ch|sh|\p{L}/gu, letters => CYRILLIC[letters] ?? letters)
}
