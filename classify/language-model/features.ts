/**
 * What the language model sees of one word: its groups of letters, its beginnings and the word itself, hashed into
 * buckets. evidence.ts counts the same buckets while it passes the letters of a text; this is the plain way.
 */

/** Longer words are cut: they are addresses and hostile input, not language. */
export const MAX_WORD = 32

/** Stands before and after a word, so that beginnings and endings are groups of their own. */
export const EDGE = 0x20

/** Groups of 2 to 4 letters tell languages apart; telling varieties of one language takes longer ones. */
export const SIZES = { family: [2, 3, 4], variety: [3, 4, 5] } as const
export type LayerName = keyof typeof SIZES

export interface Grams {
  readonly layer: LayerName
  /** The number of buckets is 2 to the power of this. */
  readonly bits: number
}

/** Hash of a group of letters with one more letter. */
export function longer(hash: number, code: number): number {
  return (Math.imul(hash, 0x01000193) + code) | 0
}

// Odd numbers with well-mixed bits, one for each size, so that groups of two sizes meet only by chance.
export const SALT_2 = 0x85ebca6b
export const SALT_3 = 0xc2b2ae35
export const SALT_4 = 0x27d4eb2f
export const SALT_5 = 0x165667b1
/** Of the beginning of a word up to some letter, and of a word to its end. */
export const SALT_BEGINNING = 0x297a2d39
const SALTS = [0, 0, SALT_2, SALT_3, SALT_4, SALT_5] as const

/** The bucket of a hash; `shift` is 32 less the bits of a bucket's number. */
export function bucketOf(hash: number, salt: number, shift: number): number {
  return Math.imul(hash ^ (hash >>> 15), salt) >>> shift
}

/** The bucket of a group of letters without edges. */
export function bucketOfGroup(group: string, bits: number): number {
  return bucketOf(hashOf(group), SALTS[group.length]!, 32 - bits)
}

/** Hash of a group of letters, or of a whole word. */
export function hashOf(letters: string): number {
  let hash = 0
  for (let at = 0; at < letters.length; at++) hash = longer(hash, letters.charCodeAt(at))
  return hash
}

/**
 * The buckets of a word. Groups shorter than their size stand at the beginning of the word, where edges fill them up;
 * of varieties each beginning of the word counts too, because that is where its stem is.
 */
export function bucketsOf(word: string, { layer, bits }: Grams): number[] {
  const letters = word.slice(0, MAX_WORD)
  const edge = String.fromCharCode(EDGE)
  const padded = edge.repeat(Math.max(...SIZES[layer]) - 1) + letters + edge
  const found: number[] = []
  for (let end = padded.length - letters.length; end <= padded.length; end++) {
    const atEdge = end === padded.length
    for (const size of SIZES[layer]) found.push(bucketOfGroup(padded.slice(end - size, end), bits))
    if (layer === 'variety' || atEdge) {
      const beginning = padded.slice(padded.length - letters.length - 1, end)
      found.push(bucketOf(hashOf(beginning), SALT_BEGINNING, 32 - bits))
    }
  }
  return found
}
