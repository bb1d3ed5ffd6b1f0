/** The part of the schema of Kibana's Dashboards API (9.5) that the dashboards use, as strict as Kibana's own. */
import { z } from 'zod'

const filter = z.strictObject({ language: z.literal('kql'), expression: z.string() })
const source = z.strictObject({ type: z.literal('data_view_reference'), ref_id: z.string() })
const label = z.string().optional()
const format = z.strictObject({ type: z.literal('number'), decimals: z.number() }).optional()

const count = { operation: z.literal('count'), label, filter: filter.optional() }
const distinct = {
  operation: z.literal('unique_count'),
  label,
  field: z.string(),
  filter: filter.optional(),
}
// A formula with a filter of its own cannot be shifted in time, and Kibana's examples leave it out.
const formula = { operation: z.literal('formula'), label, formula: z.string(), format }
/** A metric operation with what the chart adds to it. */
const metric = <T extends z.ZodRawShape>(more: T) =>
  z.union([
    z.strictObject({ ...count, ...more }),
    z.strictObject({ ...distinct, ...more }),
    z.strictObject({ ...formula, ...more }),
  ])

const terms = z.strictObject({
  operation: z.literal('terms'),
  label,
  fields: z.array(z.string()).min(1).max(4),
  limit: z.number().int().min(1),
  rank_by: z.strictObject({
    type: z.literal('metric'),
    metric_index: z.number().int().min(0),
    direction: z.enum(['asc', 'desc']),
  }),
})
const overTime = z.strictObject({ operation: z.literal('date_histogram'), field: z.string() })
const bucket = z.union([terms, overTime])

const words = { title: z.string(), description: z.string(), query: filter }

const metricChart = z.strictObject({
  ...words,
  type: z.literal('metric'),
  data_source: source,
  metrics: z.tuple([metric({ type: z.literal('primary') }), metric({ type: z.literal('secondary') })]),
})

const mark = z.strictObject({
  type: z.literal('point'),
  timestamp: z.iso.datetime(),
  label: z.string(),
  icon: z.enum(['circle', 'flag', 'bell', 'tag', 'triangle']),
  color: z.strictObject({ type: z.literal('static'), color: z.string().regex(/^#[0-9A-F]{6}$/u) }),
  line: z.strictObject({
    stroke_width: z.number().min(1).max(10),
    stroke_dash: z.enum(['solid', 'dashed', 'dotted']),
  }),
})
const xyChart = z.strictObject({
  ...words,
  type: z.literal('xy'),
  layers: z
    .array(
      z.union([
        z.strictObject({
          type: z.enum(['bar_stacked', 'bar_horizontal', 'bar_horizontal_stacked', 'line']),
          data_source: source,
          x: bucket,
          y: z
            .array(metric({ axis: z.enum(['y', 'y2']).optional() }))
            .min(1)
            .max(100),
          breakdown_by: terms.optional(),
        }),
        z.strictObject({
          type: z.literal('annotations'),
          data_source: source,
          ignore_global_filters: z.literal(true),
          events: z.array(mark).min(1).max(100),
        }),
      ]),
    )
    .min(1)
    .max(100),
})

const heatmap = z.strictObject({
  ...words,
  type: z.literal('heatmap'),
  data_source: source,
  metric: metric({}),
  x: bucket,
  y: terms,
})

const table = z
  .strictObject({
    ...words,
    type: z.literal('data_table'),
    data_source: source,
    metrics: z.array(metric({})).min(1),
    rows: z.array(terms).min(1).max(50),
    styling: z.strictObject({
      paging: z.union([z.literal(10), z.literal(20), z.literal(30), z.literal(50), z.literal(100)]),
      sort_by: z.strictObject({
        column_type: z.literal('metric'),
        index: z.number().int().min(0),
        direction: z.enum(['asc', 'desc']),
      }),
    }),
  })
  .refine(({ metrics, styling }) => styling.sort_by.index < metrics.length, 'sorted by no column')

const grid = z.strictObject({
  x: z.number().int().min(0).max(47),
  y: z.number().int().min(0),
  w: z.number().int().min(1).max(48),
  h: z.number().int().min(1),
})
const at = { id: z.string(), grid }
const panel = z.discriminatedUnion('type', [
  z.strictObject({
    ...at,
    type: z.literal('vis'),
    config: z.discriminatedUnion('type', [metricChart, xyChart, heatmap, table]),
  }),
  z.strictObject({
    ...at,
    type: z.literal('discover_session'),
    config: z.strictObject({ title: z.string(), description: z.string(), ref_id: z.string() }),
  }),
  z.strictObject({
    ...at,
    type: z.literal('markdown'),
    config: z.strictObject({ title: z.string(), description: z.string(), content: z.string() }),
  }),
])

const control = z.strictObject({
  type: z.literal('options_list_control'),
  width: z.enum(['small', 'medium', 'large']),
  grow: z.boolean(),
  config: z.strictObject({
    title: z.string(),
    data_view_id: z.string(),
    field_name: z.string(),
    single_select: z.boolean(),
  }),
})

export const dashboardSchema = z.strictObject({
  title: z.string().min(1),
  description: z.string(),
  time_range: z.strictObject({ from: z.string(), to: z.string() }),
  refresh_interval: z.strictObject({ pause: z.boolean(), value: z.number() }),
  tags: z.array(z.string()),
  pinned_panels: z.array(control),
  panels: z.array(panel).max(100),
})
export type DashboardJson = z.infer<typeof dashboardSchema>
