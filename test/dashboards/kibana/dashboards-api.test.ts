/** The JSON for the Dashboards API: what its schema takes, and the same dashboards as the saved objects. */
import { describe, expect, test } from 'vitest'
import { dashboardBodies } from '../../../dashboards/kibana/dashboards-api.ts'
import { foundation, savedDashboards } from '../../../dashboards/kibana/saved-objects.ts'
import { dashboardSchema } from './dashboards-api-schema.ts'
import type { DashboardJson } from './dashboards-api-schema.ts'
import { specification } from './installation.ts'

const bodies = dashboardBodies(specification).map(({ id, body }) => ({ id, body: body as DashboardJson }))

for (const { id, body } of bodies) {
  describe(id, () => {
    test('fits the schema', () => {
      expect(dashboardSchema.safeParse(body).error?.issues ?? []).toEqual([])
    })

    test('refers to data views, searches and a tag that are written before it', () => {
      const known = new Set(foundation(specification).map(one => one.id))
      const json = JSON.stringify(body)
      const referred = [...json.matchAll(/"(?:ref_id|data_view_id)":"([^"]+)"/gu)].map(match => match[1]!)
      expect(referred.length).toBeGreaterThan(5)
      expect([...referred, ...body.tags].filter(one => !known.has(one))).toEqual([])
    })

    test('shows what the saved dashboard shows: the same panels, places, fields and questions', () => {
      const saved = savedDashboards(specification).find(one => one.id === id)!
      const panels = JSON.parse(saved.attributes['panelsJSON'] as string) as {
        panelIndex: string
        title: string
        gridData: Record<string, unknown>
        embeddableConfig: { description: string }
      }[]
      const told = panels.map(({ panelIndex, title, gridData, embeddableConfig }) => ({
        id: panelIndex,
        grid: { ...gridData, i: undefined },
        title,
        description: embeddableConfig.description,
        asked: askedIn(panels.find(one => one.panelIndex === panelIndex)),
      }))
      expect(
        body.panels.map(panel => ({
          id: panel.id,
          grid: { ...panel.grid, i: undefined },
          title: panel.config.title,
          description: panel.config.description,
          asked: askedIn(panel),
        })),
      ).toEqual(told)
    })
  })
}

/** Everything a panel asks of the index: KQL and fields, in either form. */
function askedIn(panel: unknown): readonly string[] {
  const json = JSON.stringify(panel)
  const keys = 'expression|query|formula|field|fields|sourceField|timestamp'
  const found = [
    ...json.matchAll(new RegExp(`"(?:${keys})":(?:\\["([^"]*)"\\]|"((?:[^"\\\\]|\\\\.)*)")`, 'gu')),
  ]
  const asked = found.map(match => match[1] ?? match[2]!).filter(one => !['', '___records___'].includes(one))
  // Lens keeps the parts of a formula as well: the conditions stand in the formula already.
  return [
    ...new Set(asked.filter(one => !asked.some(other => other !== one && other.includes(`'${one}'`)))),
  ].sort()
}

describe('the schema refuses', () => {
  const broken: readonly (readonly [string, (json: string) => string])[] = [
    ['a key that Kibana does not know', json => json.replace('"tags":', '"labels":[],"tags":')],
    ['a panel of no type', json => json.replace('"type":"vis",', '')],
    ['a chart without a data view', json => json.replace(/"data_source":\{[^}]*\},/u, '')],
    ['the old name of a limit', json => json.replace('"limit":', '"size":')],
    ['a filter in the old form', json => json.replace('"language":"kql"', '"language":"kuery"')],
    ['a panel that is too wide', json => json.replace('"w":10', '"w":49')],
    ['a mark at no time', json => json.replace('T12:00:00.000Z', '')],
  ]
  for (const [what, change] of broken) {
    test(what, () => {
      const json = JSON.stringify(bodies[0]!.body)
      expect(change(json)).not.toBe(json)
      expect(dashboardSchema.safeParse(JSON.parse(change(json))).success).toBe(false)
    })
  }
})
