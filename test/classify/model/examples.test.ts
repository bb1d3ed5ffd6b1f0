/** The labelled examples that a flag is compared with. */
import { expect, test } from 'vitest'
import { parseExamples, writeExamples } from '../../../classify/model/examples.ts'

const unit = (...values: number[]): Float32Array => {
  const length = Math.hypot(...values)
  return Float32Array.from(values, value => value / length)
}
const examples = [
  { id: 'wa-0001a', vector: unit(1, 0, 0) },
  { id: 'wa-0002a', vector: unit(1, 1, 0) },
  { id: 'wb-0001a', vector: unit(0, 0, -1) },
  { id: 'wb-0002b', vector: unit(0.9, 0.1, 0.1) },
]
const bytes = writeExamples('one-1234', examples)

test('the nearest come first, with their cosine', () => {
  const found = parseExamples(bytes, 'one-1234').nearest(unit(1, 0, 0), 3)
  expect(found.map(({ id }) => id)).toEqual(['wa-0001a', 'wb-0002b', 'wa-0002a'])
  expect(found[0]!.similarity).toBe(1)
  expect(found[2]!.similarity).toBeCloseTo(Math.SQRT1_2, 2)
})

test('three are asked for and fewer are there: all of them', () => {
  expect(parseExamples(bytes, 'one-1234').nearest(unit(1, 0, 0), 9)).toHaveLength(4)
})

test.each([
  ['of another encoder', bytes, 'other', /expected vectors of other, these are of one-1234/],
  ['cut in half', bytes.subarray(0, bytes.length - 3), 'one-1234', /expected 12 bytes/],
])('a file %s is refused', (_, file, encoder, message) => {
  expect(() => parseExamples(file, encoder)).toThrow(message)
})
