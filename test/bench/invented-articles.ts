/** Invented articles for benchmarks: the same every run, with a hit now and then. */

const WORDS =
  'vlada grad ministar rekao je da će nova škola biti otvorena do kraja godine u općini a građani su zadovoljni jer se radovi odvijaju prema planu koji su predstavili stručnjaci iz instituta dok opozicija tvrdi kako novac nije potrošen na pravi način i traži odgovore od nadležnih službi za promet vodu zdravstvo kulturu sport obrazovanje Sarajevo Banja Luka Zagreb Beograd Podgorica policija sud presuda optužba svjedok žrtve godišnjica Srebrenica genocid Srbi Hrvati Bošnjaci izbori stranka predsjednik premijer'.split(
    ' ',
  )

/** One in eight articles holds an instance, which is far more than in news: the slow paths are paid for. */
export const STANDARD_HITS: readonly string[] = [
  'U Srebrenici nije bilo genocida, rekao je.',
  'Četnička gamad opet prijeti.',
  'Šiptari su spremni.',
  'Albanci su štakori, piše u objavi.',
]
const HIT_EVERY = 8

/** Articles of `characters` UTF-16 units, made of `words`, the first of them the most frequent. */
export function invent(options: {
  readonly count: number
  readonly characters: number
  readonly hits: readonly string[]
  readonly words?: readonly string[]
}): string[] {
  const next = dice(7)
  return Array.from({ length: options.count }, (_, at) => {
    const hit = at % HIT_EVERY === 0 ? `${options.hits[(at / HIT_EVERY) % options.hits.length]!} ` : ''
    return (hit + sentences(options.characters, next, options.words)).slice(0, options.characters)
  })
}

function sentences(characters: number, next: () => number, more: readonly string[] = []): string {
  let text = ''
  while (text.length < characters) {
    const length = 8 + Math.floor(next() * 14)
    const words = Array.from({ length }, () => wordOf(more, next))
    const sentence = words.join(' ')
    text += `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}. `
  }
  return text
}

/** Half of the words of a text are the usual ones; of the others the frequency falls with the rank. */
function wordOf(more: readonly string[], next: () => number): string {
  if (more.length === 0 || next() < 0.5) return WORDS[Math.floor(next() * WORDS.length)]!
  return more[Math.floor(more.length * next() ** 3)]!
}

/** Numbers from 0 to 1 that are the same every run (a linear congruence). */
export function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}
