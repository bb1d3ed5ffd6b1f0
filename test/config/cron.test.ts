/** What counts as a cron expression. */
import { expect, test } from 'vitest'
import { cronFault } from '../../config/cron.ts'

for (const sound of [
  '*/15 * * * *',
  '0 6-18/2 * * mon-fri',
  '5,35 * 1 jan,jul 0',
  '30 */10 * * * *',
  '0 0 31 12 7',
]) {
  test(`"${sound}" is sound`, () => expect(cronFault(sound)).toBeUndefined())
}

const unsound = {
  '* * * *': 'this has 4',
  '60 * * * *': 'minute lies between 0 and 59',
  '*/0 * * * *': 'minute',
  '0 9-5 * * *': 'hour',
  '0 0 0 * *': 'day of the month',
  '0 0 * foo *': 'month',
  '0 0 * * 8': 'weekday',
  'every hour on * *': 'minute',
}
for (const [expression, says] of Object.entries(unsound)) {
  test(`"${expression}" is not`, () => expect(cronFault(expression)).toContain(says))
}
