/** The gate: figures that may not fall. Floors rise when they are beaten, and never sink by themselves. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError } from '../../core/errors.ts'
import type { Figures, Scores } from './evaluate.ts'
import { EXAM } from './suite.ts'
import type { VariantScore } from './variants.ts'

const floor = z.strictObject({ precision: z.number(), recall: z.number() })

export const floorsSchema = z.strictObject({
  /** Digest of the exam that these floors were measured on. */
  exam: z.string(),
  overall: floor,
  languages: z.record(z.string(), floor),
  /** Share found of passages with a telling word, and of those without. */
  direct: z.number(),
  indirect: z.number(),
  /** Share of verdicts that stay when a passage is written another way. */
  variants: z.record(z.string(), z.number()),
})
export type Floors = z.infer<typeof floorsSchema>

/** The floors of an exam; `undefined` where it has none. @throws ConfigError when the file is not as it should be. */
export function readFloors(dir: string = EXAM): Floors | undefined {
  const file = fileIn(dir)
  if (!existsSync(file)) return undefined
  try {
    return floorsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new ConfigError(`eval: ${file}: expected floors as eval --raise writes them`, { cause })
  }
}

export function writeFloors(floors: Floors, dir: string = EXAM): void {
  writeFileSync(fileIn(dir), `${JSON.stringify(floors, undefined, 2)}\n`)
}

const fileIn = (dir: string): string => join(dir, 'floors.json')

/** The figures as floors, cut (not rounded) to four digits, so that the next equal run reaches them. */
export function measured(
  exam: string,
  figures: Figures,
  variants: Readonly<Record<string, VariantScore>>,
): Floors {
  return {
    exam,
    overall: floorOf(figures.overall),
    languages: Object.fromEntries(
      Object.entries(figures.languages).map(([language, scores]) => [language, floorOf(scores)]),
    ),
    direct: cut(figures.cues.direct.rate),
    indirect: cut(figures.cues.indirect.rate),
    variants: Object.fromEntries(
      Object.entries(variants).map(([name, { same }]) => [name, cut(same.rate, 1)]),
    ),
  }
}

/** A sentence for each figure that fell below its floor. */
export function broken(floors: Floors, now: Floors): string[] {
  const given = flat(floors)
  const found = new Map(flat(now))
  const fallen = given.filter(([name, least]) => (found.get(name) ?? 0) < least)
  const said = fallen.map(
    ([name, least]) => `${name} is ${String(found.get(name) ?? 'gone')}, below its floor of ${String(least)}`,
  )
  return floors.exam === now.exam ? said : [OTHER_EXAM, ...said]
}

export const OTHER_EXAM =
  'the suites or behaviours are not the ones that the floors were measured on; if that is meant, run: opomena eval --raise --new-exam'

/** Each floor at the higher of what it was and what is measured now. */
export function raised(floors: Floors, now: Floors): Floors {
  return {
    exam: now.exam,
    overall: higher(floors.overall, now.overall),
    languages: merged(floors.languages, now.languages, higher),
    direct: Math.max(floors.direct, now.direct),
    indirect: Math.max(floors.indirect, now.indirect),
    variants: merged(floors.variants, now.variants, Math.max),
  }
}

type Floor = z.infer<typeof floor>

function higher(one: Floor, other: Floor): Floor {
  return {
    precision: Math.max(one.precision, other.precision),
    recall: Math.max(one.recall, other.recall),
  }
}

function merged<T>(
  floors: Readonly<Record<string, T>>,
  now: Readonly<Record<string, T>>,
  join: (one: T, other: T) => T,
): Record<string, T> {
  const names = [...new Set([...Object.keys(floors), ...Object.keys(now)])]
  return Object.fromEntries(
    names.map(name => {
      const [one, other] = [floors[name], now[name]]
      return [name, one === undefined ? other! : other === undefined ? one : join(one, other)]
    }),
  )
}

/**
 * Nine in ten right is what monitors can work with. A floor above it, measured on the few flags that a language has
 * today, would forbid every rule that finds much at the price of one false alarm.
 */
const ENOUGH_PRECISION = 0.9

function floorOf({ precision, recall }: Scores): Floor {
  return { precision: Math.min(cut(precision.rate, 1), ENOUGH_PRECISION), recall: cut(recall.rate) }
}

/** Nothing flagged is nothing flagged wrongly: a precision without flags counts as whole. */
function cut(rate: number | undefined, empty = 0): number {
  return Math.floor((rate ?? empty) * 10_000) / 10_000
}

function flat(floors: Floors): [string, number][] {
  return [
    ...pairs('overall', floors.overall),
    ...Object.entries(floors.languages).flatMap(([language, values]) => pairs(language, values)),
    ['recall of direct passages', floors.direct],
    ['recall of indirect passages', floors.indirect],
    ...Object.entries(floors.variants).map(([name, rate]): [string, number] => [`variant ${name}`, rate]),
  ]
}

function pairs(name: string, { precision, recall }: Floor): [string, number][] {
  return [
    [`${name}: precision`, precision],
    [`${name}: recall`, recall],
  ]
}
