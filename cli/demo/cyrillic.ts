/** Writes a Latin text of our languages in Cyrillic, as an outlet does that reprints an agency in its own script. */

const PAIRS: Readonly<Record<string, string>> = {
  lj: 'љ', nj: 'њ', dž: 'џ',
  a: 'а', b: 'б', v: 'в', g: 'г', d: 'д', đ: 'ђ', e: 'е', ž: 'ж', z: 'з', i: 'и', j: 'ј', k: 'к', l: 'л', m: 'м',
  n: 'н', o: 'о', p: 'п', r: 'р', s: 'с', t: 'т', ć: 'ћ', u: 'у', f: 'ф', h: 'х', c: 'ц', č: 'ч', š: 'ш',
} // prettier-ignore

export function toCyrillic(latin: string): string {
  return latin.replaceAll(/lj|nj|dž|[a-zčćšžđ]/gi, letters => {
    const cyrillic = PAIRS[letters.toLowerCase()]
    if (cyrillic === undefined) return letters
    return letters[0] === letters[0]?.toLowerCase() ? cyrillic : cyrillic.toUpperCase()
  })
}
