/** Dates as outlets write them. Expected instants are UTC; wall time is that of Sarajevo. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDate } from '../../ingest/dates.ts'

const instants: Readonly<Record<string, string>> = {
  // ISO 8601
  '2026-07-11T10:00:00Z': '2026-07-11T10:00:00.000Z',
  '2026-07-11T10:00:00+02:00': '2026-07-11T08:00:00.000Z',
  '2026-07-11T10:00:00.123+0200': '2026-07-11T08:00:00.000Z',
  '2026-07-11 10:00:00 EDT': '2026-07-11T14:00:00.000Z',
  // no zone: the region's, in summer and in winter
  '2026-07-11T10:00:00': '2026-07-11T08:00:00.000Z',
  '2026-01-11T10:00:00': '2026-01-11T09:00:00.000Z',
  '2026-07-11': '2026-07-10T22:00:00.000Z',
  // the hours at which clocks change
  '2026-03-29T01:59:59': '2026-03-29T00:59:59.000Z',
  '2026-03-29T03:00:00': '2026-03-29T01:00:00.000Z',
  '2026-10-25T03:00:00': '2026-10-25T02:00:00.000Z',
  // RFC 822, and what outlets make of it
  'Sat, 11 Jul 2026 10:00:00 GMT': '2026-07-11T10:00:00.000Z',
  'Sat, 11 Jul 2026 10:00:00 +0200': '2026-07-11T08:00:00.000Z',
  'Sat, 11 Jul 26 10:00 CEST': '2026-07-11T08:00:00.000Z',
  'sub, 11 srp 2026 10:00:00 +0200': '2026-07-11T08:00:00.000Z',
  'Sat, 11 Jul 2026 10:00:00 +2530': '2026-07-11T08:00:00.000Z',
  'Sat, 11 Jul 2026 10:00:00 LOCAL': '2026-07-11T08:00:00.000Z',
  'Sat Jul 11 10:00:00 CEST 2026': '2026-07-11T08:00:00.000Z',
  // local months, both scripts
  '11. srpnja 2026. u 10:00': '2026-07-11T08:00:00.000Z',
  '11. jula 2026. 10:00': '2026-07-11T08:00:00.000Z',
  'субота, 11. јул 2026, 10:00 -> 14:12': '2026-07-11T08:00:00.000Z',
  'петак, 16. јан 2026, 13:45 -> 14:12': '2026-01-16T12:45:00.000Z',
  'сабота, 11 ноември 2023, 10:00': '2023-11-11T09:00:00.000Z',
  'E martë, 16 shkurt 2021, 10:15': '2021-02-16T09:15:00.000Z',
  '5 Korrik 2026, 08:30': '2026-07-05T06:30:00.000Z',
  '1. prosinca 2025.': '2025-11-30T23:00:00.000Z',
  '3 qershor 2026 15:00': '2026-06-03T13:00:00.000Z',
  'July 11, 2026 3:20 PM': '2026-07-11T13:20:00.000Z',
  '12:05 AM, July 11, 2026': '2026-07-10T22:05:00.000Z',
  // numbers
  '11.07.2026. | 10:00': '2026-07-11T08:00:00.000Z',
  '11. 7. 2026. 10:00h': '2026-07-11T08:00:00.000Z',
  '2026/07/11, 10:00:00': '2026-07-11T08:00:00.000Z',
  '07/31/2026': '2026-07-30T22:00:00.000Z',
  '1783756800': '2026-07-11T08:00:00.000Z',
}
for (const [written, instant] of Object.entries(instants)) {
  test(`"${written}" is ${instant}`, () => expect(parseDate(written)).toBe(instant))
}

for (const impossible of [
  '31 feb 2026',
  '2026-02-31',
  '0001-01-01T00:00:00Z',
  '9999-12-31',
  '2026-13-01',
  '11.07.2026. 25:00',
  'danas',
  'juče u 10:00',
  '',
  '2026',
]) {
  test(`"${impossible}" is no date`, () => expect(parseDate(impossible)).toBeUndefined())
}

test('whatever is written, the answer is an instant or none, and comes at once', () => {
  const pieces = fc.constantFrom(
    '11',
    '.',
    ' ',
    '2026',
    'jul',
    'срп',
    ':',
    '10',
    '+0200',
    '-',
    '/',
    ',',
    'T',
    '00',
    'AM',
    '->',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 12 }).map(parts => parts.join('')),
      ),
      written => {
        const instant = parseDate(written)
        if (instant !== undefined) expect(new Date(instant).toISOString()).toBe(instant)
      },
    ),
  )
  const began = performance.now()
  parseDate('1. '.repeat(100_000))
  expect(performance.now() - began).toBeLessThan(100)
})
