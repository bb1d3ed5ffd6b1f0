/** What Kibana would trip over in an NDJSON file of saved objects, found without a Kibana. */

interface Named {
  readonly name: string
  readonly type: string
  readonly id: string
}

/** A dashboard or search as Kibana reads it: JSON in strings. Tests change it, so that it is not read-only. */
export interface Saved {
  type: string
  id: string
  coreMigrationVersion?: string
  typeMigrationVersion?: string
  references: { name: string; type: string; id: string }[]
  attributes: Record<string, unknown>
}

export interface SavedColumn {
  operationType: string
  sourceField?: string
  references?: string[]
  filter?: { query: string; language: string }
  params: { formula?: string; orderBy?: { columnId: string }; tinymathAst?: Tree }
}

export interface Tree {
  readonly name: string
  readonly args: readonly (number | string | Tree)[]
}

export interface SavedLayer {
  columnOrder: string[]
  columns: Record<string, SavedColumn>
}

export interface Drawn {
  layerId: string
  layerType?: string
  annotations?: { key: { timestamp: string } }[]
  metricAccessor?: string
  secondaryMetricAccessor?: string
  xAccessor?: string
  yAccessor?: string
  valueAccessor?: string
  splitAccessor?: string
  accessors?: string[]
  columns?: { columnId: string }[]
  sorting?: { columnId: string }
  yConfig?: { forAccessor: string }[]
  layers?: Drawn[]
}

export interface SavedPanel {
  panelIndex: string
  panelRefName?: string
  title: string
  gridData: { x: number; y: number; w: number; h: number; i: string }
  embeddableConfig: {
    description: string
    attributes?: {
      references: Named[]
      state: {
        datasourceStates: { formBased: { layers: Record<string, SavedLayer> } }
        visualization: Drawn
      }
    }
  }
}

const REQUIRED = [
  'attributes',
  'coreMigrationVersion',
  'id',
  'references',
  'type',
  'typeMigrationVersion',
] as const

export function savedObjectFaults(ndjson: string): string[] {
  if (!ndjson.endsWith('\n')) return ['the last line does not end']
  const objects = ndjson
    .slice(0, -1)
    .split('\n')
    .map(line => JSON.parse(line) as Saved)
  const known = new Set(objects.map(one => `${one.type} ${one.id}`))
  const double = objects.length - known.size
  return [
    ...(double > 0 ? [`${double} ids are there twice`] : []),
    ...objects.flatMap(one => objectFaults(one, known).map(fault => `${one.type} ${one.id}: ${fault}`)),
  ]
}

function objectFaults(one: Saved, known: ReadonlySet<string>): string[] {
  const keys = Object.keys(one).sort().join()
  const names = new Set(one.references.map(({ name }) => name))
  return [
    ...(keys === REQUIRED.join() ? [] : [`has ${keys}`]),
    ...(['coreMigrationVersion', 'typeMigrationVersion'] as const)
      .filter(version => !/^\d+\.\d+\.\d+$/u.test(String(one[version])))
      .map(version => `${version} is ${String(one[version])}`),
    ...(names.size === one.references.length ? [] : ['a name of a reference is there twice']),
    ...one.references
      .filter(reference => !known.has(`${reference.type} ${reference.id}`))
      .map(reference => `${reference.name} leads to no object`),
    ...(one.type === 'dashboard' ? dashboardFaults(one, names) : []),
    ...(one.type === 'search' ? searchFaults(one, names) : []),
    ...(one.type === 'index-pattern' ? parsed(one.attributes, 'fieldFormatMap') : []),
  ]
}

function parsed(holder: unknown, key: string): string[] {
  try {
    jsonIn(holder, key)
    return []
  } catch {
    return [`${key} is no JSON`]
  }
}

function jsonIn(holder: unknown, key: string): unknown {
  return JSON.parse((holder as Record<string, string>)[key]!)
}

function searchFaults({ attributes }: Saved, names: ReadonlySet<string>): string[] {
  const meta = attributes['kibanaSavedObjectMeta']
  const faults = parsed(meta, 'searchSourceJSON')
  if (faults.length > 0) return faults
  const { indexRefName } = jsonIn(meta, 'searchSourceJSON') as { indexRefName: string }
  return names.has(indexRefName) ? [] : [`no reference ${indexRefName}`]
}

function dashboardFaults({ attributes }: Saved, names: ReadonlySet<string>): string[] {
  const faults = [
    ...parsed(attributes, 'panelsJSON'),
    ...parsed(attributes, 'optionsJSON'),
    ...parsed(attributes['controlGroupInput'], 'panelsJSON'),
    ...parsed(attributes['controlGroupInput'], 'ignoreParentSettingsJSON'),
    ...parsed(attributes['kibanaSavedObjectMeta'], 'searchSourceJSON'),
  ]
  if (faults.length > 0) return faults
  const used = new Set<string>()
  const need: Need = name => {
    used.add(name)
    return names.has(name) ? [] : [`no reference ${name}`]
  }
  const panels = jsonIn(attributes, 'panelsJSON') as SavedPanel[]
  const controls = jsonIn(attributes['controlGroupInput'], 'panelsJSON') as Record<string, Control>
  const found = [
    ...layoutFaults(panels),
    ...panels.flatMap(panel => panelFaults(panel, need).map(fault => `${panel.panelIndex}: ${fault}`)),
    ...Object.entries(controls).flatMap(([id, control]) => [
      ...(control.explicitInput.id === id ? [] : [`control ${id} has another id`]),
      ...need(`controlGroup_${id}:optionsListDataView`),
    ]),
  ]
  const unused = [...names].filter(name => !used.has(name) && !name.startsWith('tag-ref-'))
  return [...found, ...unused.map(name => `nobody needs ${name}`)]
}

type Need = (name: string) => string[]

interface Control {
  readonly explicitInput: { readonly id: string }
}

function layoutFaults(panels: readonly SavedPanel[]): string[] {
  const cells = new Set<string>()
  return panels.flatMap(({ panelIndex, gridData: { x, y, w, h, i } }) => {
    const faults = [
      ...(i === panelIndex ? [] : [`${panelIndex} lies as ${i}`]),
      ...(x >= 0 && x + w <= 48 ? [] : [`${panelIndex} is wider than the grid`]),
    ]
    let overlaps = false
    for (let column = x; column < x + w; column += 1) {
      for (let row = y; row < y + h; row += 1) {
        overlaps ||= cells.has(`${column} ${row}`)
        cells.add(`${column} ${row}`)
      }
    }
    return overlaps ? [...faults, `${panelIndex} lies on another panel`] : faults
  })
}

function panelFaults({ panelIndex, panelRefName, embeddableConfig }: SavedPanel, need: Need): string[] {
  const { attributes } = embeddableConfig
  if (panelRefName !== undefined) return need(`${panelIndex}:${panelRefName}`)
  if (!attributes) return []
  const { datasourceStates, visualization } = attributes.state
  const { layers } = datasourceStates.formBased
  const inner = new Set(attributes.references.map(({ name }) => name))
  const drawn = visualization.layers ?? [visualization]
  return [
    ...[...inner].flatMap(name => need(`${panelIndex}:${name}`)),
    ...Object.keys(layers)
      .filter(id => !inner.has(`indexpattern-datasource-layer-${id}`))
      .map(id => `layer ${id} has no data view`),
    ...Object.values(layers).flatMap(columnFaults),
    ...drawn.flatMap(layer => drawnFaults(layer, layers, inner)),
    ...Object.keys(layers)
      .filter(id => !drawn.some(({ layerId }) => layerId === id))
      .map(id => `layer ${id} is not drawn`),
  ]
}

function columnFaults({ columnOrder, columns }: SavedLayer): string[] {
  const ids = Object.keys(columns)
  const isMissing = (id: string): boolean => !ids.includes(id)
  return [
    ...([...columnOrder].sort().join() === [...ids].sort().join() ? [] : ['columns and their order differ']),
    ...Object.entries(columns).flatMap(([id, { operationType, sourceField, references = [], params }]) => [
      ...references.filter(isMissing).map(other => `${id} needs column ${other}`),
      ...(operationType === 'terms' && isMissing(params.orderBy!.columnId)
        ? [`${id} is ordered by no column`]
        : []),
      ...(operationType === 'math' ? treeFaults(params.tinymathAst!, ids) : []),
      ...(operationType === 'count' && sourceField !== '___records___' ? [`${id} counts no records`] : []),
    ]),
  ]
}

function treeFaults({ args }: Tree, ids: readonly string[]): string[] {
  return args.flatMap(arg => {
    if (typeof arg === 'number') return []
    if (typeof arg === 'object') return treeFaults(arg, ids)
    return ids.includes(arg) ? [] : [`the arithmetic needs column ${arg}`]
  })
}

const ACCESSORS = [
  'metricAccessor',
  'secondaryMetricAccessor',
  'xAccessor',
  'yAccessor',
  'valueAccessor',
  'splitAccessor',
] as const

function drawnFaults(
  layer: Drawn,
  layers: Readonly<Record<string, SavedLayer>>,
  inner: ReadonlySet<string>,
): string[] {
  const { layerId, annotations } = layer
  if (annotations) {
    const times = annotations.map(({ key }) => Date.parse(key.timestamp))
    return [
      ...(inner.has(`xy-visualization-layer-${layerId}`) ? [] : [`${layerId} has no data view`]),
      ...(times.length <= 100 ? [] : [`${layerId} has more than 100 marks`]),
      ...(times.some(Number.isNaN) ? [`${layerId} has a mark at no time`] : []),
    ]
  }
  const columns = layers[layerId]?.columns
  if (!columns) return [`draws layer ${layerId}, which is not there`]
  const read = [
    ...ACCESSORS.flatMap(name => layer[name] ?? []),
    ...(layer.accessors ?? []),
    ...(layer.columns ?? []).map(({ columnId }) => columnId),
    ...(layer.sorting ? [layer.sorting.columnId] : []),
    ...(layer.yConfig ?? []).map(({ forAccessor }) => forAccessor),
  ]
  return read.filter(id => !(id in columns)).map(id => `draws column ${id}, which is not there`)
}
