/** Days are those of Sarajevo, whatever the machine's clock says. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, dayOf, intervalStart, intervalsBetween } from '../../core/time.ts'

describe('the day of an instant', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['2026-07-10T21:59:59.999Z', '2026-07-10', 'the last moment before midnight in summer'],
    ['2026-07-10T22:00:00.000Z', '2026-07-11', 'midnight in summer, two hours before UTC'],
    ['2026-01-10T22:59:59.999Z', '2026-01-10', 'the last moment before midnight in winter'],
    ['2026-01-10T23:00:00.000Z', '2026-01-11', 'midnight in winter, one hour before UTC'],
    ['2026-03-29T00:59:59.000Z', '2026-03-29', 'before clocks go forward'],
    ['2026-03-29T21:59:59.000Z', '2026-03-29', 'the end of the short day'],
    ['2026-03-29T22:00:00.000Z', '2026-03-30', 'the day after the short day'],
    ['2026-10-24T22:00:00.000Z', '2026-10-25', 'the beginning of the long day'],
    ['2026-10-25T22:59:59.000Z', '2026-10-25', 'the end of the long day, 25 hours later'],
    ['2026-10-25T23:00:00.000Z', '2026-10-26', 'the day after the long day'],
    ['2025-12-31T23:30:00.000Z', '2026-01-01', 'New Year'],
    ['2028-02-29T12:00:00.000Z', '2028-02-29', 'a leap day'],
  ]
  for (const [instant, day, name] of cases) {
    test(`${name}: ${instant} is ${day}`, () => {
      expect(dayOf(instant)).toBe(day)
      expect(dayOf(new Date(instant))).toBe(day)
    })
  }
})

test('days are added over months, leap days and changes of the clock', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(addDays('2026-03-29', 1)).toBe('2026-03-30')
  expect(addDays('2026-10-25', 1)).toBe('2026-10-26')
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
})

test('weeks begin on Monday', () => {
  for (const day of ['2026-07-06', '2026-07-08', '2026-07-12'])
    expect(intervalStart(day, 'week')).toBe('2026-07-06')
  expect(intervalStart('2026-07-13', 'week')).toBe('2026-07-13')
  expect(intervalStart('2026-01-01', 'week')).toBe('2025-12-29')
})

test('intervals cover both ends', () => {
  expect(intervalsBetween('2026-07-11', '2026-07-13', 'day')).toEqual([
    '2026-07-11',
    '2026-07-12',
    '2026-07-13',
  ])
  expect(intervalsBetween('2026-07-11', '2026-07-11', 'day')).toEqual(['2026-07-11'])
  expect(intervalsBetween('2026-07-11', '2026-07-20', 'week')).toEqual([
    '2026-07-06',
    '2026-07-13',
    '2026-07-20',
  ])
  expect(intervalsBetween('2025-12-31', '2026-02-01', 'month')).toEqual([
    '2025-12-01',
    '2026-01-01',
    '2026-02-01',
  ])
  expect(intervalsBetween('2026-07-12', '2026-07-11', 'day')).toEqual([])
})

test('every day between two falls into exactly one of their intervals', () => {
  const days = fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 400 }))
  fc.assert(
    fc.property(
      days,
      fc.constantFrom('day' as const, 'week' as const, 'month' as const),
      ([first, length], interval) => {
        const from = addDays('2000-01-01', first)
        const to = addDays(from, length)
        const starts = intervalsBetween(from, to, interval)
        expect(new Set(starts).size).toBe(starts.length)
        for (const day of [from, to, addDays(from, Math.floor(length / 2))])
          expect(starts).toContain(intervalStart(day, interval))
      },
    ),
    { numRuns: 200 },
  )
})
