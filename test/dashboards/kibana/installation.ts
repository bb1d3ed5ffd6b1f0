/** The dashboards as the tests write them: the shipped calendar, a fixed year, an invented address. */
import { loadConfig } from '../../../config/config.ts'
import { specificationOf } from '../../../dashboards/kibana/opomena.ts'

export const YEAR = 2026

export const specification = specificationOf({
  prefix: 'opomena',
  publicUrl: 'https://opomena.example',
  calendar: loadConfig({ env: {} }).calendar,
  year: YEAR,
})
