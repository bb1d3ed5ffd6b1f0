/** Days of the calendar as marks: three years, each day where it is, none that is not there. */
import { expect, test } from 'vitest'
import { marksAround } from '../../../dashboards/kibana/marks.ts'
import { markLayers } from '../../../dashboards/kibana/panels.ts'
import { dayOf } from '../../../core/time.ts'
import { specification, YEAR } from './installation.ts'

const day = { countries: [], before: 0, after: 0 }

test('each day is marked in the year before, the year and the next', () => {
  const marks = marksAround(2026, [{ ...day, date: '07-11', name: 'Srebrenica' }])
  expect(marks.map(({ at, name }) => `${dayOf(at)} ${name}`)).toEqual([
    '2025-07-11 Srebrenica',
    '2026-07-11 Srebrenica',
    '2027-07-11 Srebrenica',
  ])
})

test('a leap day is marked in leap years alone', () => {
  expect(marksAround(2027, [{ ...day, date: '02-29', name: 'Leap day' }]).map(({ at }) => dayOf(at))).toEqual(
    ['2028-02-29'],
  )
})

test('two entries of one day have ids of their own, and marks stand in the order of time', () => {
  const marks = marksAround(2026, [
    { ...day, date: '12-09', name: 'Third' },
    { ...day, date: '03-01', name: 'First' },
    { ...day, date: '03-01', name: 'Second' },
  ])
  expect(new Set(marks.map(({ id }) => id)).size).toBe(9)
  expect(marks.slice(0, 3).map(({ name }) => name)).toEqual(['First', 'Second', 'Third'])
})

test('the whole calendar is in layers of at most 100 marks, and none is lost', () => {
  const layers = markLayers(specification)
  expect(layers.every(({ length }) => length > 0 && length <= 100)).toBe(true)
  expect(layers.flat()).toEqual(specification.marks)
  expect(new Set(specification.marks.map(({ at }) => at.slice(0, 4)))).toEqual(
    new Set([YEAR - 1, YEAR, YEAR + 1].map(String)),
  )
})
