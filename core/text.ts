/**
 * The normaliser: one folded form for every way to write a word of our languages (script, diacritics, case, look-alike
 * and invisible characters), with a way back to the original text. Matching, search and ids all use it.
 */

/** A word of a text: its folded form, and where it stands in the original (UTF-16 offsets, end exclusive). */
export interface Token {
  readonly folded: string
  readonly start: number
  readonly end: number
}

const LETTERS: Readonly<Record<string, string>> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', ђ: 'dj', е: 'e', ж: 'z', з: 'z', и: 'i', ј: 'j', к: 'k', л: 'l', љ: 'lj',
  м: 'm', н: 'n', њ: 'nj', о: 'o', п: 'p', р: 'r', с: 's', т: 't', ћ: 'c', у: 'u', ф: 'f', х: 'h', ц: 'c', ч: 'c',
  џ: 'dz', ш: 's', ѓ: 'gj', ќ: 'kj', ѕ: 'dz', đ: 'dj', ѐ: 'e', ѝ: 'i',
}

/** The words of a text in folded form, in order. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    tokens.push({ folded: foldWord(match[0]), start: match.index, end: match.index + match[0].length })
  }
  return tokens
}

function foldWord(word: string): string {
  let folded = ''
  for (const char of word.normalize('NFKC').toLowerCase()) {
    folded += LETTERS[char] ?? char.normalize('NFD').replace(/\p{M}/gu, '')
  }
  return folded
}

/** A text as its folded words with single spaces between: equal for all ways to write the same words. */
export function fold(text: string): string {
  return tokenize(text)
    .map(token => token.folded)
    .join(' ')
}

/** A language-neutral light stem of a folded word, for search alone: a query has no language. */
export function lightStem(folded: string): string {
  return folded.length > 5 ? folded.replace(/(ama|ima|om|em|og|ih|im|[aeiou])$/, '') : folded
}
