/** A rate as a formula of Lens, and as the columns that Lens makes of one when it saves it. */
import { kql } from './condition.ts'
import type { Condition } from './condition.ts'
import type { Measure } from './specification.ts'

export type Rate = Measure & { readonly kind: 'rate' }

/** Nothing by nothing is no rate: Lens leaves the place empty. */
export function formulaOf({ per, count, of }: Rate): string {
  return `${part(per, count)} / ${counted(of)}`
}

function part(per: number, count: Condition): string {
  return `${per} * ${counted(count)}`
}

function counted(condition: Condition): string {
  return `count(kql='${kql(condition).replaceAll("'", "\\'")}')`
}

/** How Lens keeps the arithmetic: calls with the columns they take and the place of their words in the formula. */
export function syntaxTree(rate: Rate, counted: string, against: string): object {
  const text = formulaOf(rate)
  const product = part(rate.per, rate.count)
  const call = (name: string, args: readonly unknown[], words: string): object => ({
    type: 'function',
    name,
    args,
    location: { min: 0, max: words.length },
    text: words,
  })
  return call('divide', [call('multiply', [rate.per, counted], product), against], text)
}
