/** The NDJSON for import: whole, the same bytes each time, and each thing that can be wrong with it is found. */
import { describe, expect, test } from 'vitest'
import { foundation, ndjson, savedDashboards } from '../../../dashboards/kibana/saved-objects.ts'
import { specification } from './installation.ts'
import { savedObjectFaults } from './saved-object-faults.ts'
import type { Drawn, Saved, SavedLayer, SavedPanel } from './saved-object-faults.ts'

const objects = [...foundation(specification), ...savedDashboards(specification)]
const text = ndjson(objects)

describe('the saved objects', () => {
  test('have no fault', () => {
    expect(savedObjectFaults(text)).toEqual([])
  })

  test('are one tag, the data views, the searches and three dashboards', () => {
    const counts = Object.entries(Object.groupBy(objects, ({ type }) => type)).map(
      ([type, some]) => `${some.length} ${type}`,
    )
    expect(counts).toEqual(['1 tag', '4 index-pattern', '9 search', '3 dashboard'])
  })

  test('are the same bytes each time', () => {
    expect(ndjson([...foundation(specification), ...savedDashboards(specification)])).toBe(text)
  })

  test('of another installation have other ids and indices throughout', () => {
    const other = { ...specification, prefix: 'second' }
    const written = ndjson([...foundation(other), ...savedDashboards(other)])
    expect(savedObjectFaults(written)).toEqual([])
    expect(written.match(/"opomena-[a-z-]+"/gu)).toBeNull()
  })

  test('the data view of rates reads passages and articles', () => {
    const view = objects.find(({ id }) => id === 'opomena-readings')
    expect(view?.attributes).toMatchObject({
      title: 'opomena-flags,opomena-articles',
      timeFieldName: 'at',
    })
  })

  test('an article leads to its page in Opomena', () => {
    const view = objects.find(({ id }) => id === 'opomena-flags')
    const formats = JSON.parse(view?.attributes['fieldFormatMap'] as string) as Record<string, object>
    expect(formats['article']).toMatchObject({
      params: { urlTemplate: 'https://opomena.example/items/{{value}}' },
    })
    const sources = objects.find(({ id }) => id === 'opomena-sources')
    expect(sources?.attributes['fieldFormatMap']).toBe('{}')
  })

  test('a rate is the arithmetic that Lens saves of a formula', () => {
    const { columns } = dataOf(named(panelsOf(copyOf('opomena-overview')), 'rate'))
    const [formula, counted, against, math] = ['value', 'valueX0', 'valueX1', 'valueX2'].map(
      id => columns[id],
    )
    expect(formula?.params.formula).toBe("1000 * count(kql='live: true') / count(kql='visible: true')")
    expect(counted?.filter).toEqual({ query: 'live: true', language: 'kuery' })
    expect(against?.filter).toEqual({ query: 'visible: true', language: 'kuery' })
    expect(math?.params.tinymathAst).toMatchObject({
      name: 'divide',
      args: [{ name: 'multiply', args: [1000, 'valueX0'] }, 'valueX1'],
    })
  })
})

const copyOf = (id: string): Saved => structuredClone(objects.find(one => one.id === id)) as unknown as Saved
const panelsOf = ({ attributes }: Saved): SavedPanel[] =>
  JSON.parse(attributes['panelsJSON'] as string) as SavedPanel[]
const named = (panels: SavedPanel[], id: string): SavedPanel =>
  panels.find(({ panelIndex }) => panelIndex === id)!
const stateOf = ({
  embeddableConfig,
}: SavedPanel): NonNullable<typeof embeddableConfig.attributes>['state'] => embeddableConfig.attributes!.state
const dataOf = (panel: SavedPanel): SavedLayer => stateOf(panel).datasourceStates.formBased.layers['data']!
const drawnOf = (panel: SavedPanel): Drawn => stateOf(panel).visualization

/** The file after one change to the overview. */
function changed(change: Change): string {
  const dashboard = copyOf('opomena-overview')
  const panels = panelsOf(dashboard)
  change(dashboard, panels)
  dashboard.attributes['panelsJSON'] = JSON.stringify(panels)
  return [...objects.filter(({ id }) => id !== 'opomena-overview'), dashboard]
    .map(one => `${JSON.stringify(one)}\n`)
    .join('')
}

type Change = (dashboard: Saved, panels: SavedPanel[]) => unknown

const FAULTS: readonly {
  readonly fault: string
  readonly change: Change
  readonly said: string
}[] = [
  {
    fault: 'a version is missing',
    change: dashboard => delete dashboard.typeMigrationVersion,
    said: 'typeMigrationVersion is undefined',
  },
  {
    fault: 'something is there that Kibana writes itself',
    change: dashboard => Object.assign(dashboard, { updated_at: '2026-01-01' }),
    said: 'updated_at',
  },
  {
    fault: 'a reference leads nowhere',
    change: dashboard => (dashboard.references[2]!.id = 'gone'),
    said: 'leads to no object',
  },
  {
    fault: 'a reference of a panel is not at the top',
    change: dashboard => dashboard.references.pop(),
    said: 'no reference controlGroup_outlet:optionsListDataView',
  },
  {
    fault: 'two panels overlap',
    change: (_, panels) => (named(panels, 'rate').gridData.x = 5),
    said: 'rate lies on another panel',
  },
  {
    fault: 'a panel is too wide',
    change: (_, panels) => (named(panels, 'note').gridData.w = 49),
    said: 'note is wider than the grid',
  },
  {
    fault: 'a panel lies under another name',
    change: (_, panels) => (named(panels, 'note').gridData.i = 'x'),
    said: 'note lies as x',
  },
  {
    fault: 'a column is not in the order',
    change: (_, panels) => dataOf(named(panels, 'rate')).columnOrder.pop(),
    said: 'columns and their order differ',
  },
  {
    fault: 'a drawn column is not there',
    change: (_, panels) => (drawnOf(named(panels, 'rate')).metricAccessor = 'x'),
    said: 'draws column x',
  },
  {
    fault: 'a formula has lost a part',
    change: (_, panels) => (dataOf(named(panels, 'rate')).columns['valueX2']!.references = ['y']),
    said: 'valueX2 needs column y',
  },
  {
    fault: 'bars are ordered by no column',
    change: (_, panels) => (dataOf(named(panels, 'targets')).columns['by']!.params.orderBy!.columnId = 'z'),
    said: 'by is ordered by no column',
  },
  {
    fault: 'a layer is not drawn',
    change: (_, panels) => drawnOf(named(panels, 'over-time')).layers!.shift(),
    said: 'layer data-0 is not drawn',
  },
  {
    fault: 'marks are too many',
    change: (_, panels) => {
      const marks = drawnOf(named(panels, 'over-time')).layers![2]!.annotations!
      marks.push(...structuredClone(marks))
    },
    said: 'more than 100 marks',
  },
]

describe('the check of the saved objects finds it when', () => {
  for (const { fault, change, said } of FAULTS) {
    test(fault, () => {
      expect(savedObjectFaults(changed(change)).join('\n')).toContain(said)
    })
  }
})
