/** What is thrown where nobody listens ends a process in order, and never without a line. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const PROGRAM = join(import.meta.dirname, '..', 'fixtures', 'workers', 'thrower.ts')
const [WARN, ERROR] = [40, 50]

test.each([
  ['a promise that nobody awaits', 'promise', 'nobody awaits this'],
  ['an error in a timer', 'timer', 'nobody catches this'],
  ['what is no error', 'word', 'a mere word'],
  ['an error of kafkajs, where no client was closed', 'kafkajs', 'no brokers'],
  ['an error of another one, where a client was closed', 'other', 'nobody awaits this'],
])('%s is one line of an error, and the end in order with exit code 1', (_, word, reason) => {
  const { status, stdout, lines } = thrown(word)
  expect(lines).toEqual([expect.objectContaining({ level: ERROR, part: 'thrower', reason })])
  expect(stdout).toBe('ended in order\n')
  expect(status).toBe(1)
})

test('an error of kafkajs for a client that was closed is a warning, and the work goes on', () => {
  const { status, stdout, lines } = thrown('leftover')
  expect(lines).toEqual([expect.objectContaining({ level: WARN, reason: 'no brokers' })])
  expect(stdout).toBe('worked on\n')
  expect(status).toBe(0)
})

function thrown(word: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, word], { encoding: 'utf8' })
  const lines = stderr.split('\n').filter(Boolean).map(line => JSON.parse(line) as unknown) // prettier-ignore
  return { status, stdout, lines }
}
