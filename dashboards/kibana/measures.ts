/** What several dashboards count in the same way. */
import type { Condition } from './condition.ts'
import { ARTICLE, PASSAGE } from './fields.ts'
import type { Chart, Control, Measure, Panel, Place, Terms, TimeLayer } from './specification.ts'

export const PENDING: Condition = { field: 'status', is: 'pending' }
export const CONFIRMED: Condition = { field: 'status', is: 'confirmed' }
export const DECIDED: Condition = { all: [PASSAGE, { not: PENDING }] }

export const passages: Measure = { kind: 'count', label: 'Passages', where: PASSAGE }
export const articles: Measure = { kind: 'count', label: 'Articles read', where: ARTICLE }
export const rate: Measure = {
  kind: 'rate',
  label: 'Per 1,000 articles',
  per: 1000,
  count: PASSAGE,
  of: ARTICLE,
}

export const byCategory: Terms = { label: 'Category', field: 'category', most: 10 }
export const byTarget: Terms = { label: 'Group', field: 'target', most: 10 }
export const byOutlet: Terms = { label: 'Outlet', field: 'outlet', most: 100 }

/** The articles read, as a line against the axis on the right. */
export const againstArticles: TimeLayer = {
  view: 'articles',
  shape: 'line',
  measure: articles,
  isDenominator: true,
}

export const CONTROLS: Readonly<Record<'language' | 'country' | 'kind' | 'outlet' | 'script', Control>> = {
  language: { id: 'language', title: 'Language', view: 'readings', field: 'language' },
  script: { id: 'script', title: 'Script', view: 'readings', field: 'script' },
  country: { id: 'country', title: 'Country', view: 'readings', field: 'country' },
  kind: { id: 'kind', title: 'Kind of outlet', view: 'readings', field: 'outletKind' },
  outlet: { id: 'outlet', title: 'Outlet', view: 'readings', field: 'outlet' },
}

interface Tile extends Pick<Panel, 'id' | 'title' | 'about'> {
  readonly value: Measure
  readonly outOf: Measure
}

/** The row of numbers that opens a dashboard; the charts below are out of these. */
export function keyNumbers(): readonly Panel[] {
  const tiles: readonly Tile[] = [
    {
      id: 'passages',
      title: 'Flagged passages',
      about: 'Whatever a reviewer said of them.',
      value: passages,
      outOf: { ...articles, label: 'in articles read:' },
    },
    {
      id: 'rate',
      title: 'Rate per 1,000 articles',
      about: 'Raw counts rise when an outlet is added, the rate does not.',
      value: rate,
      outOf: { ...articles, label: 'of articles read:' },
    },
    {
      id: 'confirmed',
      title: 'Confirmed by a reviewer',
      about: 'Machine flags are questions; these are answers.',
      value: { kind: 'count', label: 'Confirmed', where: { all: [PASSAGE, CONFIRMED] } },
      outOf: { kind: 'count', label: 'of decided:', where: DECIDED },
    },
    {
      id: 'waiting',
      title: 'Pending for over 48 hours',
      about: 'Since the article appeared.',
      value: {
        kind: 'count',
        label: 'Waiting',
        where: { all: [PASSAGE, PENDING, { field: 'at', before: 'now-48h' }] },
      },
      outOf: { kind: 'count', label: 'of pending:', where: { all: [PASSAGE, PENDING] } },
    },
    {
      id: 'outlets',
      title: 'Outlets with a flagged passage',
      about: 'Counted about, not exactly, where there are many.',
      value: { kind: 'distinct', label: 'Outlets', field: 'outlet', where: PASSAGE },
      outOf: { kind: 'distinct', label: 'of outlets read:', field: 'outlet', where: ARTICLE },
    },
  ]
  const places = [0, 10, 20, 30, 39].map((x, at): Place => ({ x, y: 0, w: at < 3 ? 10 : 9, h: 5 }))
  return tiles.map(({ value, outOf, ...tile }, at) => ({
    ...tile,
    place: places[at]!,
    chart: { kind: 'number', view: 'readings', value, outOf },
  }))
}

/** Passages by category and the rate, over time, one under the other. */
export function overTime(y: number): readonly Panel[] {
  return [
    {
      id: 'over-time',
      title: 'Flagged passages by category, with the articles read (line, right axis)',
      about: 'Marks are days of the calendar; they explain a peak and judge no day.',
      place: { x: 0, y, w: 48, h: 12 },
      chart: {
        kind: 'time',
        marked: true,
        layers: [
          { view: 'flags', shape: 'bar_stacked', split: byCategory, measure: passages },
          againstArticles,
        ],
      },
    },
    {
      id: 'rate-over-time',
      title: 'Passages per 1,000 articles, with the articles read (right axis)',
      about: 'Few articles make a jumpy line.',
      place: { x: 0, y: y + 12, w: 48, h: 10 },
      chart: {
        kind: 'time',
        marked: true,
        layers: [{ view: 'readings', shape: 'line', measure: rate }, againstArticles],
      },
    },
  ]
}

/** Rows with what was found, what was read, and the rate. */
export function rateTable(by: Terms, sortedBy: 'articles' | 'rate'): Chart {
  return {
    kind: 'table',
    view: 'readings',
    by: [by],
    measures: [passages, articles, rate],
    sortedBy: sortedBy === 'articles' ? 1 : 2,
  }
}

/** Rows with what the machine flagged, what reviewers decided of it, and how often it was right. */
export function reviewTable(by: readonly Terms[]): Chart {
  const decided: Measure = { kind: 'count', label: 'Decided', where: DECIDED }
  const right: Measure = {
    kind: 'rate',
    label: 'Confirmed of decided, %',
    per: 100,
    count: { all: [PASSAGE, CONFIRMED] },
    of: DECIDED,
  }
  return { kind: 'table', view: 'flags', by, measures: [passages, decided, right], sortedBy: 0 }
}

export function outletsByRate(place: Panel['place']): Panel {
  return {
    id: 'outlets-by-rate',
    title: 'Outlets: passages per 1,000 articles',
    about: 'A rate over few articles says little: look at the articles beside it.',
    place,
    chart: rateTable(byOutlet, 'rate'),
  }
}
