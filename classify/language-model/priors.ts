/**
 * What is known of letter groups before training: how often each stands in the news of a language, from the tables of
 * lingua. They were counted in millions of sentences, of which we have but a few thousand. Used by train.ts alone.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../../core/errors.ts'
import { fold, latinize } from '../../core/text.ts'
import { bucketOfGroup, SIZES } from './features.ts'
import type { Grams } from './features.ts'
import { readFst } from './fst.ts'
import { LINGUA } from './read-data.ts'
import { FAMILIES, MODEL_VARIETIES } from './sources.ts'
import { cyrillize, withoutMarks } from './writings.ts'

/** Shares of each letter group, by group. */
type Shares = Map<string, number>

/** A group that a language lacks counts as often as this: about once in the texts that were counted. */
const UNSEEN = Math.exp(-14)
/** How often people leave diacritics away. */
const PLAIN = 0.2
const CYRILLIC = ['serbian', 'macedonian', 'bulgarian', 'russian', 'ukrainian']

/** Log odds by bucket and class: how much more often the groups of a bucket stand in a class than in the mean of all. */
export function familyPriors(folder: string, grams: Grams): Float32Array {
  const shares = FAMILIES.map(family => {
    const latin: Shares[] = []
    const cyrillic: Shares[] = []
    for (const [language, [of]] of Object.entries(LINGUA)) {
      if (of !== family) continue
      const read = sharesOf(folder, language)
      const isCyrillic = CYRILLIC.includes(language)
      if (isCyrillic) cyrillic.push(read)
      else if (family === 'hbs') cyrillic.push(rewritten(read, cyrillize))
      if (isCyrillic && family !== 'hbs' && family !== 'mk') continue
      const inLatin = isCyrillic ? rewritten(read, latinize) : read
      latin.push(sum([scaled(inLatin, 1 - PLAIN), scaled(rewritten(inLatin, withoutMarks), PLAIN)]))
    }
    // Which script a text is in is seen; how often a language is written in it must not weigh.
    return sum([latin, cyrillic].map(all => scaled(sum(all), 1 / Math.max(1, all.length))))
  })
  return logOdds(shares, grams)
}

export function varietyPriors(folder: string, grams: Grams): Float32Array {
  const shares = MODEL_VARIETIES.map(variety => {
    const [language] = Object.entries(LINGUA).find(([, [, of]]) => of === variety)!
    return rewritten(sharesOf(folder, language), fold)
  })
  return logOdds(shares, grams)
}

function logOdds(shares: readonly Shares[], { layer, bits }: Grams): Float32Array {
  const classes = shares.length
  const sizes: readonly number[] = SIZES[layer]
  const sums = new Float64Array(2 ** bits * classes)
  for (const [at, groups] of shares.entries()) {
    for (const [group, share] of groups) {
      if (sizes.includes(group.length)) sums[bucketOfGroup(group, bits) * classes + at]! += share
    }
  }
  const odds = new Float32Array(sums.length)
  for (let row = 0; row < odds.length; row += classes) {
    let mean = 0
    for (let at = row; at < row + classes; at++) {
      odds[at] = Math.log(sums[at]! + UNSEEN)
      mean += odds[at]! / classes
    }
    for (let at = row; at < row + classes; at++) odds[at]! -= mean
  }
  return odds
}

/** The tables hold, of each group, the log share of its last letter among all that follow the others. */
function sharesOf(folder: string, language: string): Shares {
  const file = join(folder, 'lingua', language, 'ngrams.fst')
  const following = new Map<string, number>()
  const bits = new DataView(new ArrayBuffer(8))
  readFst(read(file), (group, value) => {
    bits.setBigUint64(0, value)
    following.set(group, bits.getFloat64(0))
  })
  const shares: Shares = new Map()
  for (const group of following.keys()) {
    let odds = 0
    for (let end = 1; end <= group.length; end++) odds += following.get(group.slice(0, end)) ?? -Infinity
    if (odds > -Infinity) shares.set(group, Math.exp(odds))
  }
  return shares
}

function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    throw new ConfigError(`expected ${file}; sources.ts names each source and how to obtain it`)
  }
}

function rewritten(shares: Shares, rewrite: (group: string) => string): Shares {
  return sum([[...shares].map(([group, share]) => [rewrite(group), share] as const)])
}

function scaled(shares: Shares, by: number): Shares {
  return new Map([...shares].map(([group, share]) => [group, share * by]))
}

function sum(all: readonly Iterable<readonly [string, number]>[]): Shares {
  const total: Shares = new Map()
  for (const shares of all) {
    for (const [group, share] of shares) total.set(group, (total.get(group) ?? 0) + share)
  }
  return total
}
