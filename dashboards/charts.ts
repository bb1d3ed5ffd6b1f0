/** Charts drawn on the server as SVG: they print, need no script, and every bar is a link to what it counts. */
import * as echarts from 'echarts'
import { sha256 } from '../core/hash.ts'

export interface ChartSeries {
  readonly name: string
  /** A CSS colour; `var(--…)` follows the light or dark scheme. */
  readonly color: string
  /** A pattern over the colour, so that colour is never alone. */
  readonly hatched?: boolean
  /** Null where there is nothing to show, which is not zero. */
  readonly values: readonly (number | null)[]
  /** Where the bar of each value leads; same length as `values`. */
  readonly links?: readonly string[]
}

export interface TimeChart {
  readonly kind: 'bars' | 'line'
  /** Names of the intervals, in order. */
  readonly labels: readonly string[]
  readonly series: readonly ChartSeries[]
  /** Days to point out: at which interval, and what they are called. */
  readonly marks?: readonly { readonly at: number; readonly name: string }[]
  readonly height: number
  /** What a value is, for the text over a bar: `flags`. */
  readonly unit: string
}

export interface HeatMap {
  readonly kind: 'heat'
  readonly columns: readonly string[]
  readonly rows: readonly string[]
  /** `values[row][column]`. */
  readonly values: readonly (readonly number[])[]
  readonly links: readonly (readonly string[])[]
  readonly unit: string
}

export type Chart = TimeChart | HeatMap

const WIDTH = 1080
const KEPT = 200
const drawn = new Map<string, string>()

/** The chart as SVG without inline styles. The same chart is drawn once. */
export function svgOf(chart: Chart): string {
  const key = sha256(JSON.stringify(chart))
  const known = drawn.get(key)
  if (known !== undefined) return known
  const svg = draw(chart, key.slice(0, 8))
  if (drawn.size >= KEPT) drawn.delete(drawn.keys().next().value!)
  drawn.set(key, svg)
  return svg
}

function draw(chart: Chart, key: string): string {
  const height = chart.kind === 'heat' ? 56 + chart.rows.length * 34 : chart.height
  const instance = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height })
  try {
    instance.setOption(chart.kind === 'heat' ? heatOption(chart) : timeOption(chart))
    return linked(withoutStyles(instance.renderToSVGString(), key), chart)
  } finally {
    // An instance that is not disposed keeps the process alive.
    instance.dispose()
  }
}

const TEXT = { fontFamily: 'inherit', fontSize: 13, color: 'var(--ink-soft)' }
const AXIS = { lineStyle: { color: 'var(--line-strong)' } }

function timeOption({ kind, labels, series, marks = [] }: TimeChart): echarts.EChartsCoreOption {
  return {
    animation: false,
    textStyle: TEXT,
    grid: { left: 48, right: 12, top: marks.length > 0 ? 34 : 14, bottom: 28 },
    xAxis: {
      type: 'category',
      data: labels,
      axisLabel: { ...TEXT, hideOverlap: true },
      axisTick: { show: false },
      axisLine: AXIS,
    },
    yAxis: {
      type: 'value',
      minInterval: kind === 'bars' ? 1 : 0,
      splitNumber: 4,
      axisLabel: TEXT,
      splitLine: { lineStyle: { color: 'var(--line)' } },
    },
    series: series.map((one, at) => ({
      type: kind === 'bars' ? 'bar' : 'line',
      name: one.name,
      stack: kind === 'bars' ? 'all' : undefined,
      data: [...one.values],
      barMaxWidth: 42,
      barCategoryGap: '22%',
      symbol: kind === 'line' ? 'circle' : undefined,
      symbolSize: 5,
      itemStyle: {
        color: one.color,
        ...(kind === 'bars' && { borderColor: 'var(--paper)', borderWidth: 0.5 }),
        ...(one.hatched && {
          decal: {
            symbol: 'rect',
            color: 'rgba(255,255,255,0.38)',
            dashArrayX: [1, 0],
            dashArrayY: [2, 5],
            rotation: -Math.PI / 4,
          },
        }),
      },
      lineStyle: { color: one.color, width: 2 },
      ...(at === 0 && marks.length > 0 && { markLine: markLine(marks) }),
    })),
  }
}

function markLine(marks: NonNullable<TimeChart['marks']>) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: 'var(--mark-line)', type: 'dashed', width: 1.2 },
    label: {
      show: true,
      position: 'end',
      formatter: '{b}',
      color: 'var(--ink-soft)',
      fontFamily: 'inherit',
      fontSize: 12,
      textBorderWidth: 0,
    },
    data: marks.map(({ at, name }) => ({ xAxis: at, name })),
  }
}

function heatOption({ columns, rows, values }: HeatMap): echarts.EChartsCoreOption {
  const most = Math.max(1, ...values.flat())
  return {
    animation: false,
    textStyle: TEXT,
    grid: { left: 170, right: 12, top: 8, bottom: 44 },
    xAxis: {
      type: 'category',
      data: columns,
      axisLabel: { ...TEXT, interval: 0, overflow: 'break', width: 110 },
      axisTick: { show: false },
      axisLine: { show: false },
    },
    yAxis: {
      type: 'category',
      data: rows,
      inverse: true,
      axisLabel: TEXT,
      axisTick: { show: false },
      axisLine: { show: false },
    },
    series: [
      {
        type: 'custom',
        renderItem: (
          _params: unknown,
          api: { value(at: number): number; coord(of: number[]): number[]; size(of: number[]): number[] },
        ) => cell(api, most),
        data: values.flatMap((row, y) => row.map((value, x) => [x, y, value])),
      },
    ],
  }
}

/** A square with its number; the number is there for everybody, the shade for the quick look. */
function cell(
  api: { value(at: number): number; coord(of: number[]): number[]; size(of: number[]): number[] },
  most: number,
) {
  const [x, y, value] = [api.value(0), api.value(1), api.value(2)]
  const [cx, cy] = api.coord([x, y])
  const [width, height] = api.size([1, 1])
  const shade = value === 0 ? 0 : 0.1 + 0.5 * Math.sqrt(value / most)
  return {
    type: 'group',
    children: [
      {
        type: 'rect',
        shape: {
          x: cx! - width! / 2 + 1.5,
          y: cy! - height! / 2 + 1.5,
          width: width! - 3,
          height: height! - 3,
          r: 3,
        },
        style: { fill: value === 0 ? 'var(--cell-empty)' : 'var(--heat)', opacity: value === 0 ? 1 : shade },
      },
      {
        type: 'text',
        style: {
          text: value === 0 ? '·' : String(value),
          x: cx,
          y: cy,
          textAlign: 'center',
          textVerticalAlign: 'middle',
          fill: 'var(--ink)',
          fontSize: 13,
          fontFamily: 'inherit',
        },
      },
    ],
  }
}

/** Styles become attributes, which the content security policy allows; ids become unique on the page. */
function withoutStyles(svg: string, key: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/u, '')
    .replace(/ style="([^"]*)"/gu, (_, style: string) =>
      style
        .split(';')
        .filter(part => part.includes(':'))
        .map(
          part => ` ${part.slice(0, part.indexOf(':')).trim()}="${part.slice(part.indexOf(':') + 1).trim()}"`,
        )
        .join(''),
    )
    .replace(/ class="zr\d+-cls-\d+"/gu, '')
    .replace(/zr\d+-/gu, `c${key}-`)
    .replace(
      /^<svg width="(\d+)" height="(\d+)"/u,
      '<svg class="chart" width="$1" height="$2" aria-hidden="true" focusable="false"',
    )
}

const SHAPE =
  /<(path|rect|circle)([^>]*) ecmeta_series_index="(\d+)"(?: ecmeta_data_index="(\d+)")? ecmeta_ssr_type="chart"([^>]*)><\/\1>/gu

/** Wraps each bar, point or cell in a link with its numbers as a title. The table beside the chart has the same links for the keyboard. */
function linked(svg: string, chart: Chart): string {
  return svg
    .replace(
      SHAPE,
      (
        shape: string,
        tag: string,
        before: string,
        series: string,
        data: string | undefined,
        after: string,
      ) => {
        // A line that marks a day counts nothing.
        const counts = data !== undefined && !shape.includes('stroke-dasharray')
        const found = counts ? pointOf(chart, Number(series), Number(data)) : undefined
        if (!found) return `<${tag}${before}${after}></${tag}>`
        const titled = `<${tag}${before}${after}><title>${escaped(found.title)}</title></${tag}>`
        return found.href === undefined
          ? titled
          : `<a href="${escaped(found.href)}" tabindex="-1">${titled}</a>`
      },
    )
    .replace(/ ecmeta_[a-z_]+="[^"]*"/gu, '')
}

function pointOf(
  chart: Chart,
  series: number,
  at: number,
): { title: string; href: string | undefined } | undefined {
  if (chart.kind === 'heat') {
    const row = Math.floor(at / chart.columns.length)
    const column = at % chart.columns.length
    return {
      title: `${chart.rows[row]}, ${chart.columns[column]}: ${chart.values[row]?.[column]} ${chart.unit}`,
      href: chart.links[row]?.[column],
    }
  }
  const one = chart.series[series]
  const value = one?.values[at]
  if (one === undefined || value === undefined || value === null) return undefined
  return { title: `${chart.labels[at]}, ${one.name}: ${value} ${chart.unit}`, href: one.links?.[at] }
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** A small line of daily counts, without axes. */
export function sparkline(values: readonly number[], usual: number): string {
  const [width, height] = [168, 28]
  const most = Math.max(1, ...values, usual)
  const step = width / Math.max(1, values.length)
  const bars = values
    .map((value, at) => {
      const tall = Math.max(value > 0 ? 1.5 : 0, (value / most) * (height - 2))
      return `<rect x="${(at * step).toFixed(1)}" y="${(height - tall).toFixed(1)}" width="${(step - 1).toFixed(1)}" height="${tall.toFixed(1)}" fill="var(--spark)"/>`
    })
    .join('')
  const line = height - (usual / most) * (height - 2)
  return `<svg class="spark" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">${bars}<line x1="0" x2="${width}" y1="${line.toFixed(1)}" y2="${line.toFixed(1)}" stroke="var(--ink-soft)" stroke-width="1" stroke-dasharray="2 3"/></svg>`
}

/** A horizontal bar for a cell of a table. */
export function meterBar(share: number, color: string): string {
  const width = Math.max(share > 0 ? 1 : 0, Math.min(100, share * 100))
  return `<svg class="meter" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect width="100" height="10" fill="var(--cell-empty)"/><rect width="${width.toFixed(1)}" height="10" fill="${color}"/></svg>`
}
