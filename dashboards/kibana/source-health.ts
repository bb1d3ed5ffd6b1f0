/** Source health: whose silence is a fault of the data. A fall in numbers may come from there. */
import type { Condition } from './condition.ts'
import { againstArticles, articles, byOutlet } from './measures.ts'
import type { Dashboard, Measure, Panel } from './specification.ts'

const FAILURES = 3
const FAILING: Condition = { field: 'failures', atLeast: FAILURES }
const SILENT: Condition = { field: 'lastItemAt', before: 'now-2d' }
export const IN_TROUBLE: Condition = { any: [FAILING, SILENT] }

const known: Measure = { kind: 'count', label: 'of sources ever asked:' }

const tiles: readonly Panel[] = [
  {
    id: 'failing',
    title: `Failing: ${FAILURES} times or more since the last success`,
    about: 'Whatever period is chosen above.',
    place: { x: 0, y: 0, w: 16, h: 5 },
    chart: {
      kind: 'number',
      view: 'sources',
      value: { kind: 'count', label: 'Failing', where: FAILING },
      outOf: known,
    },
  },
  {
    id: 'silent',
    title: 'Silent: no new article for two days',
    about:
      'Whatever period is chosen above. Some outlets publish once a week: look at their usual days below.',
    place: { x: 16, y: 0, w: 16, h: 5 },
    chart: {
      kind: 'number',
      view: 'sources',
      value: { kind: 'count', label: 'Silent', where: SILENT },
      outOf: known,
    },
  },
  {
    id: 'articles',
    title: 'Articles read',
    about: 'In the period chosen above: what every rate is divided by.',
    place: { x: 32, y: 0, w: 16, h: 5 },
    chart: {
      kind: 'number',
      view: 'articles',
      value: articles,
      outOf: { kind: 'distinct', label: 'from outlets:', field: 'outlet' },
    },
  },
]

export const sourceHealth: Dashboard = {
  id: 'source-health',
  title: 'Opomena: source health',
  description: 'Which outlets answer, which are silent, and how many articles each brings.',
  days: 28,
  // The health of sources knows their ids alone: any other choice would empty it.
  controls: [{ id: 'source', title: 'Source', view: 'articles', field: 'source' }],
  panels: [
    ...tiles,
    {
      id: 'articles-over-time',
      title: 'Articles read by outlet, the ten largest (bars), and all (line, right axis)',
      about: 'A step in the line is an outlet that came, went or fell silent.',
      place: { x: 0, y: 5, w: 48, h: 11 },
      chart: {
        kind: 'time',
        layers: [
          { view: 'articles', shape: 'bar_stacked', split: { ...byOutlet, most: 10 }, measure: articles },
          againstArticles,
        ],
      },
    },
    {
      id: 'silence',
      title: 'Articles read by outlet and day',
      about: 'A gap in a row is silence.',
      outOf: 'articles',
      place: { x: 0, y: 16, w: 48, h: 20 },
      chart: {
        kind: 'heat',
        view: 'articles',
        across: 'time',
        down: { ...byOutlet, most: 50 },
        measure: articles,
      },
    },
    {
      id: 'in-trouble',
      title: 'Sources that fail or are silent',
      about: 'With the last look, the last success and when each is due again.',
      outOf: 'failing',
      place: { x: 0, y: 36, w: 48, h: 12 },
      chart: { kind: 'list', search: 'sources-in-trouble' },
    },
    {
      id: 'all-sources',
      title: 'All sources, by the last new article',
      about: 'Longest silent first.',
      outOf: 'failing',
      place: { x: 0, y: 48, w: 48, h: 16 },
      chart: { kind: 'list', search: 'sources' },
    },
  ],
}
