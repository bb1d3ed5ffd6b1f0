/** Generated articles as lines of an archive: no two alike, one in eight holds an instance. */
import { STANDARD_HITS, invent } from '../bench/invented-articles.ts'

const OUTLETS = 40
const DAYS = 60

export interface Archive {
  /** The next lines; never one twice. */
  next(count: number): readonly string[]
  /** How many were given out. */
  readonly given: number
}

/** Articles of about `characters` UTF-16 units, of the last two months. */
export function archive(characters: number): Archive {
  const texts = invent({ count: 800, characters, hits: STANDARD_HITS })
  const newest = Date.now() - 3_600_000
  let given = 0
  const line = (): string => {
    const n = given++
    const publishedAt = new Date(newest - ((n * 7_919) % (DAYS * 86_400)) * 1_000).toISOString()
    return JSON.stringify({
      url: `https://vijesti-${String(n % OUTLETS)}.example/clanak/${String(n)}`,
      source: `Vijesti ${String(n % OUTLETS)}`,
      title: `Članak broj ${String(n)}`,
      text: `${texts[n % texts.length]!} Broj ${String(n)}.`,
      publishedAt,
    })
  }
  return {
    next: count => Array.from({ length: count }, line),
    get given() {
      return given
    },
  }
}
