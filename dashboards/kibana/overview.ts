/** Overview: how much, where, about whom, and what waits for a person. */
import {
  CONTROLS,
  byCategory,
  byTarget,
  keyNumbers,
  outletsByRate,
  overTime,
  passages,
  rateTable,
} from './measures.ts'
import type { Dashboard } from './specification.ts'

export const overview: Dashboard = {
  id: 'overview',
  title: 'Opomena: overview',
  description: 'Flagged passages and what they are out of: how much, where, about whom, what waits.',
  days: 90,
  controls: [CONTROLS.language, CONTROLS.country, CONTROLS.kind, CONTROLS.outlet],
  panels: [
    ...keyNumbers(),
    ...overTime(5),
    outletsByRate({ x: 0, y: 27, w: 24, h: 13 }),
    {
      id: 'languages',
      title: 'Languages: passages per 1,000 articles',
      about: 'The word lists differ between languages, so the rates cannot be compared with each other.',
      place: { x: 24, y: 27, w: 24, h: 13 },
      chart: rateTable({ label: 'Language', field: 'language', most: 12 }, 'articles'),
    },
    {
      id: 'targets',
      title: 'About whom: groups named in the flagged passages',
      about: 'One passage may name several groups.',
      outOf: 'passages',
      place: { x: 0, y: 40, w: 16, h: 11 },
      chart: { kind: 'bars', view: 'flags', by: byTarget, measure: passages },
    },
    {
      id: 'events',
      title: 'About which events: named in the flagged passages',
      about: 'Most passages name none.',
      outOf: 'passages',
      place: { x: 16, y: 40, w: 16, h: 11 },
      chart: {
        kind: 'bars',
        view: 'flags',
        by: { label: 'Event', field: 'event', most: 10 },
        measure: passages,
      },
    },
    {
      id: 'decisions',
      title: 'What reviewers decided of the flagged passages',
      about: 'Pending means that nobody has looked yet.',
      outOf: 'passages',
      place: { x: 32, y: 40, w: 16, h: 11 },
      chart: {
        kind: 'bars',
        view: 'flags',
        by: byCategory,
        split: { label: 'Decision', field: 'status', most: 7 },
        measure: passages,
      },
    },
    {
      id: 'category-target',
      title: 'What is said about whom: flagged passages by category and group',
      about: 'One passage may name several groups and then counts for each.',
      outOf: 'passages',
      place: { x: 0, y: 51, w: 48, h: 12 },
      chart: { kind: 'heat', view: 'flags', across: byTarget, down: byCategory, measure: passages },
    },
    {
      id: 'waiting-list',
      title: 'Pending passages, newest first',
      about: 'Without the words: follow the article to read and decide.',
      outOf: 'waiting',
      place: { x: 0, y: 63, w: 48, h: 14 },
      chart: { kind: 'list', search: 'pending' },
    },
    {
      id: 'note',
      title: 'How to read this',
      about: 'What counts, and what does not.',
      place: { x: 0, y: 77, w: 48, h: 7 },
      chart: {
        kind: 'note',
        markdown:
          'A flag is a question to a person, not a verdict. Passages whose flag was retired and articles that were deleted are counted nowhere. ' +
          'Rates are per 1,000 articles read in the same days, languages and outlets; never compare languages by them. ' +
          'Filter by article only (language, country, outlet): a filter on the label of a passage also empties the articles that the rates are divided by.',
      },
    },
  ],
}
