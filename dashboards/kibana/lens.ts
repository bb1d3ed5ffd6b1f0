/** Charts as the state of Lens, which is what a saved dashboard holds: columns of a layer, and how they are drawn. */
import type { ViewName } from './fields.ts'
import { measureColumns, termsColumn, timeColumn } from './lens-columns.ts'
import type { Columns } from './lens-columns.ts'
import { barsOf, idOf, MARK_COLOR, markLayers, queryOf, ROWS_A_PAGE } from './panels.ts'
import type { Chart, Mark, Panel, Specification } from './specification.ts'

type Json = Readonly<Record<string, unknown>>
type Drawn = Exclude<Chart, { kind: 'list' | 'note' }>

interface Reference {
  readonly type: 'index-pattern'
  readonly id: string
  readonly name: string
}

interface Layer {
  readonly id: string
  readonly view: ViewName
  readonly columns: Columns
}

interface Drawing {
  readonly type: string
  readonly layers: readonly Layer[]
  readonly visualization: Json
  /** References beside those of the layers. */
  readonly references?: readonly Reference[]
}

/** The attributes of a Lens object, with the references it needs. */
export function lensOf(
  of: Specification,
  { title }: Panel,
  description: string,
  chart: Drawn,
): Json & { readonly references: readonly Reference[] } {
  const { type, layers, visualization, references = [] } = draw(of, chart)
  return {
    title,
    description,
    type: 'lens',
    visualizationType: type,
    references: [
      ...layers.map(({ id, view }) => dataView(of, view, `indexpattern-datasource-layer-${id}`)),
      ...references,
    ],
    state: {
      visualization,
      query: { query: queryOf(chart), language: 'kuery' },
      filters: [],
      datasourceStates: {
        formBased: { layers: Object.fromEntries(layers.map(({ id, columns }) => [id, layerState(columns)])) },
      },
      internalReferences: [],
      adHocDataViews: {},
    },
  }
}

function dataView(of: Specification, view: ViewName, name: string): Reference {
  return { type: 'index-pattern', id: idOf(of, view), name }
}

function layerState(columns: Columns): Json {
  return { columnOrder: Object.keys(columns), columns, incompleteColumns: {} }
}

function draw(of: Specification, chart: Drawn): Drawing {
  switch (chart.kind) {
    case 'number':
      return number(chart)
    case 'time':
      return time(of, chart)
    case 'bars':
      return bars(chart)
    case 'heat':
      return heat(chart)
    case 'table':
      return table(chart)
  }
}

const ONE = 'data'

function number({ view, value, outOf }: Drawn & { kind: 'number' }): Drawing {
  const columns = { ...measureColumns('value', value), ...measureColumns('out-of', outOf) }
  return {
    type: 'lnsMetric',
    layers: [{ id: ONE, view, columns }],
    visualization: {
      layerId: ONE,
      layerType: 'data',
      metricAccessor: 'value',
      secondaryMetricAccessor: 'out-of',
      secondaryPrefix: outOf.label,
    },
  }
}

function time(of: Specification, { layers, marked }: Drawn & { kind: 'time' }): Drawing {
  const data = layers.map(({ view, split, measure }, at): Layer => {
    const columns = {
      ...(split && { split: termsColumn(split, 'measure') }),
      time: timeColumn(view),
      ...measureColumns('measure', measure),
    }
    return { id: `data-${at}`, view, columns }
  })
  const marks = marked ? markLayers(of) : []
  const markId = (at: number): string => `marks-${at}`
  return {
    type: 'lnsXY',
    layers: data,
    references: marks.map((_, at) => dataView(of, layers[0]!.view, `xy-visualization-layer-${markId(at)}`)),
    visualization: xy(layers[0]!.shape, [
      ...layers.map(({ shape, split, isDenominator }, at) => ({
        layerId: data[at]!.id,
        layerType: 'data',
        seriesType: shape,
        xAccessor: 'time',
        accessors: ['measure'],
        ...(split && { splitAccessor: 'split' }),
        ...(isDenominator && { yConfig: [{ forAccessor: 'measure', axisMode: 'right' }] }),
      })),
      ...marks.map((some, at) => ({
        layerId: markId(at),
        layerType: 'annotations',
        ignoreGlobalFilters: true,
        annotations: some.map(annotation),
      })),
    ]),
  }
}

function bars(chart: Drawn & { kind: 'bars' }): Drawing {
  const { view, by, split, measure } = chart
  const columns = {
    by: termsColumn(by, 'measure'),
    ...(split && { split: termsColumn(split, 'measure') }),
    ...measureColumns('measure', measure),
  }
  const layer = {
    layerId: ONE,
    layerType: 'data',
    seriesType: barsOf(chart),
    xAccessor: 'by',
    accessors: ['measure'],
    ...(split && { splitAccessor: 'split' }),
  }
  return { type: 'lnsXY', layers: [{ id: ONE, view, columns }], visualization: xy(barsOf(chart), [layer]) }
}

function xy(preferredSeriesType: string, layers: readonly Json[]): Json {
  return {
    legend: { isVisible: true, position: 'right' },
    valueLabels: 'hide',
    fittingFunction: 'None',
    preferredSeriesType,
    layers,
  }
}

function annotation({ id, at, name }: Mark): Json {
  return {
    type: 'manual',
    id,
    label: name,
    icon: 'circle',
    color: MARK_COLOR,
    lineStyle: 'dashed',
    lineWidth: 1,
    key: { type: 'point_in_time', timestamp: at },
  }
}

function heat({ view, across, down, measure }: Drawn & { kind: 'heat' }): Drawing {
  const columns = {
    down: termsColumn(down, 'measure'),
    across: across === 'time' ? timeColumn(view) : termsColumn(across, 'measure'),
    ...measureColumns('measure', measure),
  }
  return {
    type: 'lnsHeatmap',
    layers: [{ id: ONE, view, columns }],
    visualization: {
      shape: 'heatmap',
      layerId: ONE,
      layerType: 'data',
      xAccessor: 'across',
      yAccessor: 'down',
      valueAccessor: 'measure',
      legend: { type: 'heatmap_legend', isVisible: true, position: 'right' },
      gridConfig: {
        type: 'heatmap_grid',
        isCellLabelVisible: across !== 'time',
        isXAxisLabelVisible: true,
        isXAxisTitleVisible: false,
        isYAxisLabelVisible: true,
        isYAxisTitleVisible: false,
      },
    },
  }
}

function table({ view, by, measures, sortedBy }: Drawn & { kind: 'table' }): Drawing {
  const measure = (at: number): string => `measure-${at}`
  const columns = Object.assign(
    Object.fromEntries(by.map((terms, at) => [`by-${at}`, termsColumn(terms, measure(0))])),
    ...measures.map((one, at) => measureColumns(measure(at), one)),
  ) as Columns
  return {
    type: 'lnsDatatable',
    layers: [{ id: ONE, view, columns }],
    visualization: {
      layerId: ONE,
      layerType: 'data',
      columns: [...by.map((_, at) => `by-${at}`), ...measures.map((_, at) => measure(at))].map(columnId => ({
        columnId,
      })),
      sorting: { columnId: measure(sortedBy), direction: 'desc' },
      paging: { size: ROWS_A_PAGE, enabled: true },
    },
  }
}
