/** The figures of an evaluation as tables for people. */
import type { Figures, Scores } from './evaluate.ts'
import type { Estimate, Rate } from './interval.ts'
import type { VariantScore } from './variants.ts'

export function tablesOf(figures: Figures, variants: Readonly<Record<string, VariantScore>>): string {
  const { overall, languages, scripts, categories } = figures
  return [
    table(
      ['', 'passages', 'precision', 'recall', 'F1'],
      Object.entries({ overall, ...languages, ...scripts, ...categories }).map(([name, scores]) => [
        name,
        ...scoreCells(scores),
      ]),
    ),
    table(
      ['flagged at all', 'passages', 'precision', 'recall', 'F1'],
      Object.entries(figures.flagged).map(([name, scores]) => [name, ...scoreCells(scores)]),
    ),
    table(
      ['found', 'with a telling word', 'without'],
      [['overall', figures.cues] as const, ...Object.entries(figures.cuesByLanguage)].map(([name, cues]) => [
        name,
        rateCell(cues.direct),
        rateCell(cues.indirect),
      ]),
    ),
    table(
      ['right on what was found', 'category', 'subtype', 'event', 'voice', 'stance'],
      [['overall', figures.attributes] as const, ...Object.entries(figures.attributesByLanguage)].map(
        ([name, { category, subtype, event, voice, stance }]) => [
          name,
          ...[category, subtype, event, voice, stance].map(rateCell),
        ],
      ),
    ),
    table(
      ['group spoken of', 'found', 'false alarms'],
      Object.entries(figures.targets).map(([name, target]) => [
        name,
        rateCell(target.found),
        rateCell(target.falseAlarms),
      ]),
    ),
    table(
      ['behaviour', 'label', 'cue', 'right', 'by language'],
      Object.entries(figures.behaviours)
        .sort(([, one], [, other]) => (one.right.rate ?? 0) - (other.right.rate ?? 0))
        .map(([name, { label, cue, right, languages: by }]) => [
          name,
          label,
          cue ?? '',
          rateCell(right),
          Object.entries(by)
            .map(([language, share]) => `${language} ${share}`)
            .join('  '),
        ]),
    ),
    table(
      ['written another way', 'same verdict', 'changed'],
      Object.entries(variants).map(([name, { same, changed }]) => [name, rateCell(same), changed.join(' ')]),
    ),
    `False alarms\n${lines(
      figures.falseAlarms.map(
        ({ id, behaviour, flags }) =>
          `${id}  ${behaviour}  ${flags.map(({ label, rule }) => `${label} by ${rule}`).join(', ')}`,
      ),
    )}`,
    `Missed\n${lines(figures.misses.map(({ id, behaviour, label }) => `${id}  ${behaviour}  ${label}`))}`,
  ].join('\n')
}

const lines = (all: readonly string[]): string =>
  all.length === 0 ? '  none\n' : all.map(line => `  ${line}\n`).join('')

function scoreCells({ positives, negatives, precision, recall, f1 }: Scores): string[] {
  return [`${String(positives)} + ${String(negatives)}`, rateCell(precision), rateCell(recall), estimate(f1)]
}

function rateCell({ hits, of, rate, low, high }: Rate): string {
  if (rate === undefined || low === undefined || high === undefined) return '-'
  return `${digits(rate)} [${digits(low)} ${digits(high)}] ${String(hits)}/${String(of)}`
}

function estimate(given: Estimate | undefined): string {
  return given ? `${digits(given.value)} [${digits(given.low)} ${digits(given.high)}]` : '-'
}

const digits = (value: number): string => value.toFixed(2)

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, at) => Math.max(...all.map(row => (row[at] ?? '').length)))
  return all
    .map(
      row =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
