import { expect, test } from 'vitest'
import { csvOf } from '../../dashboards/csv.ts'

const cell = (value: unknown): string => csvOf([{ value }]).split('\r\n')[1] ?? ''

test('columns are those of the first row, with a byte order mark for spreadsheets', () => {
  expect(
    csvOf([
      { a: 1, b: 'x' },
      { a: 2, b: null },
    ]),
  ).toBe('\uFEFF"a","b"\r\n1,"x"\r\n2,\r\n')
})

for (const hostile of ['=cmd|x', '+1', '-1', '@x', '\tx', '\rx', '＝1', '＋1', '\0x']) {
  test(`a text that begins like a formula stays text: ${JSON.stringify(hostile)}`, () => {
    expect(cell(hostile).startsWith(`"'`)).toBe(true)
  })
}

test('quotes and line breaks inside a cell survive', () => {
  expect(cell('a "b"\nc')).toBe('"a ""b""\nc"')
})

test('negative numbers of our own are numbers, lists are joined', () => {
  expect(cell(-2)).toBe('-2')
  expect(cell(['roma', 'serb'])).toBe('"roma; serb"')
})
