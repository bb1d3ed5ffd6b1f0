/** One language: what is found in it, where, how it is uttered, and which rules reviewers find right. */
import {
  byCategory,
  byTarget,
  CONTROLS,
  keyNumbers,
  outletsByRate,
  overTime,
  passages,
  rateTable,
  reviewTable,
} from './measures.ts'
import type { Dashboard } from './specification.ts'

export const languageDrillDown: Dashboard = {
  id: 'language',
  title: 'Opomena: language',
  description:
    'One language at a time: choose it above. Outlets, scripts, voices, and how often each rule is right.',
  days: 90,
  controls: [{ ...CONTROLS.language, one: true }, CONTROLS.script, CONTROLS.country, CONTROLS.outlet],
  panels: [
    ...keyNumbers(),
    ...overTime(5),
    outletsByRate({ x: 0, y: 27, w: 24, h: 13 }),
    {
      id: 'scripts',
      title: 'Scripts: passages per 1,000 articles',
      about: 'The same text is flagged alike in either script; a difference comes from who writes in which.',
      place: { x: 24, y: 27, w: 24, h: 6 },
      chart: rateTable({ label: 'Script', field: 'script', most: 4 }, 'articles'),
    },
    {
      id: 'voices',
      title: 'Who utters it, and what the article does with it',
      about: 'Of the flagged passages; a quotation is an instance, too.',
      outOf: 'passages',
      place: { x: 24, y: 33, w: 24, h: 7 },
      chart: {
        kind: 'heat',
        view: 'flags',
        across: { label: 'The article', field: 'stance', most: 4 },
        down: { label: 'Voice', field: 'voice', most: 3 },
        measure: passages,
      },
    },
    {
      id: 'kinds',
      title: 'Categories and what reviewers made of them',
      about: 'Confirmed out of decided says how often the machine was right; pending ones are in neither.',
      place: { x: 0, y: 40, w: 24, h: 14 },
      chart: reviewTable([byCategory, { label: 'Subtype', field: 'subtype', most: 10 }]),
    },
    {
      id: 'rules',
      title: 'Rules and what reviewers made of them',
      about: 'For those who keep the lexicon: a rule that is often wrong needs an edit.',
      place: { x: 24, y: 40, w: 24, h: 14 },
      chart: reviewTable([{ label: 'Rule', field: 'rule', most: 100 }]),
    },
    {
      id: 'targets',
      title: 'About whom: groups named in the flagged passages',
      about: 'One passage may name several groups.',
      outOf: 'passages',
      place: { x: 0, y: 54, w: 24, h: 11 },
      chart: { kind: 'bars', view: 'flags', by: byTarget, measure: passages },
    },
    {
      id: 'severities',
      title: 'How grave: flagged passages by severity, 1 to 5',
      about: '1 is hostile framing, 5 is incitement; as the reviewer corrected it where one did.',
      outOf: 'passages',
      place: { x: 24, y: 54, w: 24, h: 11 },
      chart: {
        kind: 'bars',
        view: 'flags',
        by: { label: 'Severity', field: 'severity', most: 5 },
        split: byCategory,
        measure: passages,
      },
    },
    {
      id: 'list',
      title: 'Flagged passages, newest first',
      about: 'Without the words: follow the article to read them.',
      outOf: 'passages',
      place: { x: 0, y: 65, w: 48, h: 14 },
      chart: { kind: 'list', search: 'passages' },
    },
  ],
}
