/** Log odds of languages as shares that add up to 1. */
import type { Language } from '../../core/labels.ts'

export interface Share {
  readonly language: Language
  readonly score: number
}

/** Odds as shares, those of one language together, best first. */
export function shares(odds: readonly number[], languages: readonly Language[]): Share[] {
  let best = 0
  for (let at = 1; at < odds.length; at++) if (odds[at]! > odds[best]!) best = at
  const most = odds[best]!
  const found: { language: Language; score: number }[] = [{ language: languages[best]!, score: 1 }]
  let sum = 1
  for (let at = 0; at < odds.length; at++) {
    if (at === best || odds[at]! - most < LEAST) continue
    const power = Math.exp(odds[at]! - most)
    sum += power
    const known = found.find(one => one.language === languages[at])
    if (known) known.score += power
    else found.push({ language: languages[at]!, score: power })
  }
  if (found.length === 1) found[0]!.score = 1
  else {
    for (const one of found) one.score = round(one.score / sum)
    found.sort((a, b) => b.score - a.score || (a.language < b.language ? -1 : 1))
  }
  return found
}

export const round = (value: number): number => Math.round(value * 1000) / 1000
/** Log odds against the best; shares below a thousandth are not told. */
const LEAST = -7
