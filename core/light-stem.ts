/**
 * One light stem for all our languages, for search alone: a query has no language. It drops endings of nouns and
 * adjectives (cases, plural, articles) and nothing that makes another word.
 */

/** Endings by their last letter, with the least number of letters that must stay before them. */
const ENDINGS: Readonly<Record<string, readonly (readonly [ending: string, keep: number])[]>> = {
  a: [
    ['ima', 3],
    ['ama', 4],
  ],
  m: [
    ['om', 3],
    ['em', 4],
    ['im', 4],
    ['am', 4],
  ],
  g: [
    ['og', 3],
    ['eg', 4],
  ],
  h: [['ih', 3]],
  v: [
    ['ov', 4],
    ['ev', 4],
  ],
  // Articles of Macedonian and Albanian. Five letters, because many nouns end so: planet, granat, plakat.
  t: [
    ['ot', 5],
    ['et', 5],
    ['it', 5],
    ['at', 5],
    ['ut', 5],
  ],
  n: [
    ['in', 5],
    ['un', 5],
  ],
  s: [
    ['is', 5],
    ['es', 5],
  ],
}
const VOWELS = 'aeiou'
/** A vowel after a vowel is part of the word in short ones (radio), an ending in long ones (Shqipëria). */
const KEEP_BEFORE_VOWEL = 5

/**
 * The light stem of a folded word. It strips until nothing more comes off, so a word and its stem have the same stem.
 * A word of three letters or fewer is its own stem.
 */
export function lightStem(folded: string): string {
  let stem = folded
  for (;;) {
    const shorter = withoutEnding(stem)
    if (shorter === stem) return stem
    stem = shorter
  }
}

function withoutEnding(word: string): string {
  const last = word.charAt(word.length - 1)
  for (const [ending, keep] of ENDINGS[last] ?? []) {
    if (word.length - ending.length >= keep && word.endsWith(ending)) return word.slice(0, -ending.length)
  }
  const rest = word.length - 1
  if (VOWELS.includes(last) && rest >= (isVowel(word, rest - 1) ? KEEP_BEFORE_VOWEL : 3))
    return word.slice(0, -1)
  // English plural: Serbs, Croats. After a vowel an s belongs to the word (danas).
  if (last === 's' && rest >= 4 && !isVowel(word, rest - 1) && word.charAt(rest - 1) !== 's')
    return word.slice(0, -1)
  return word
}

function isVowel(word: string, at: number): boolean {
  return at >= 0 && VOWELS.includes(word.charAt(at))
}
