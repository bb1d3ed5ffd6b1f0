import { expect, test } from 'vitest'
import { progress } from '../../cli/progress.ts'

function screen(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = []
  const stream = { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
  return { stream, written }
}

test('a terminal shows a bar that is drawn over itself', () => {
  const { stream, written } = screen(true)
  let now = 1_000
  const shown = progress('articles', { total: 4, stream, now: () => now })
  now += 1_000
  shown.update(1)
  now += 1_000
  shown.update(4)
  shown.end()
  expect(written[0]).toContain('[######..................] 25 %  1 of 4')
  expect(written.at(-1)).toContain('100 %  4 of 4')
  expect(written.slice(0, -1).every(text => text.startsWith('\r'))).toBe(true)
})

test('elsewhere there is a line a minute and one at the end', () => {
  const { stream, written } = screen(false)
  let now = 0
  const shown = progress('records', { stream, now: () => now })
  for (let second = 0; second <= 130; second += 1) {
    now = second * 1_000 + 1
    shown.update(second)
  }
  shown.end()
  expect(written).toHaveLength(3)
  expect(written.every(text => text.endsWith('\n') && !text.includes('\r'))).toBe(true)
})
