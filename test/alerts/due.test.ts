/** A letter comes once a day at the reader's time, also when the clock jumps. */
import { describe, expect, test } from 'vitest'
import { isDue, letterDay } from '../../alerts/due.ts'

const sarajevo = (at: string) => ({ at, timeZone: 'Europe/Sarajevo' })

describe('the day whose letter should be out', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['a minute before the time in summer', '2026-07-11T05:29:59Z', '07:30', '2026-07-10'],
    ['the time in summer', '2026-07-11T05:30:00Z', '07:30', '2026-07-11'],
    ['a minute before the time in winter', '2026-01-11T06:29:59Z', '07:30', '2026-01-10'],
    ['the time in winter', '2026-01-11T06:30:00Z', '07:30', '2026-01-11'],
    ['midnight', '2026-07-10T22:00:00Z', '00:00', '2026-07-11'],
    ['the minute before midnight', '2026-07-11T21:59:00Z', '23:59', '2026-07-11'],
    ['before the hour that is skipped', '2026-03-29T00:59:59Z', '02:30', '2026-03-28'],
    ['when the clock jumps over the time', '2026-03-29T01:00:00Z', '02:30', '2026-03-29'],
    ['the first 02:30 of the long day', '2026-10-25T00:30:00Z', '02:30', '2026-10-25'],
    ['the clock set back before the time again', '2026-10-25T01:00:00Z', '02:30', '2026-10-24'],
    ['the second 02:30 of the long day', '2026-10-25T01:30:00Z', '02:30', '2026-10-25'],
  ]
  for (const [name, now, at, day] of cases) {
    test(`${name}: ${now} is of ${day}`, () => expect(letterDay(new Date(now), sarajevo(at))).toBe(day))
  }
  test('is that of the reader, wherever she lives', () => {
    const now = new Date('2026-07-11T12:00:00Z')
    expect(letterDay(now, { at: '07:30', timeZone: 'America/New_York' })).toBe('2026-07-11')
    expect(letterDay(now, { at: '08:30', timeZone: 'America/New_York' })).toBe('2026-07-10')
    expect(letterDay(now, { at: '00:30', timeZone: 'Pacific/Auckland' })).toBe('2026-07-11')
    expect(letterDay(new Date('2026-07-11T12:30:00Z'), { at: '00:30', timeZone: 'Pacific/Auckland' })).toBe(
      '2026-07-12',
    )
  })
  test('is that of the project where the zone is unknown to the machine', () => {
    expect(letterDay(new Date('2026-07-11T05:30:00Z'), { at: '07:30', timeZone: 'Nowhere/Atall' })).toBe(
      '2026-07-11',
    )
  })
})

test('over a year of half hours every day has exactly one letter, whatever the time of day', () => {
  for (const at of ['00:00', '01:59', '02:00', '02:30', '03:00', '07:30', '23:59']) {
    const subscription = { ...sarajevo(at), createdAt: '2026-01-01T12:00:00.000Z' }
    const days: string[] = []
    for (
      let now = Date.parse('2026-01-01T12:00:00Z');
      now < Date.parse('2027-01-01T12:00:00Z');
      now += 1_800_000
    ) {
      if (isDue(new Date(now), subscription, days.at(-1))) days.push(letterDay(new Date(now), subscription))
    }
    expect(days.length).toBe(365)
    expect(new Set(days).size).toBe(365)
  }
}, 60_000)

test('a new subscription has its first letter at the next time of day, not at once', () => {
  const subscription = { ...sarajevo('07:30'), createdAt: '2026-07-11T10:00:00.000Z' }
  expect(isDue(new Date('2026-07-11T20:00:00Z'), subscription, undefined)).toBe(false)
  expect(isDue(new Date('2026-07-12T05:30:00Z'), subscription, undefined)).toBe(true)
})
