/** The examples beside each lexicon: what must be flagged and what must not. */
import { describe, expect, test } from 'vitest'
import { PACK_CODES } from '../../classify/pack.ts'
import { read } from './bundled.ts'
import { examplesOf } from './examples.ts'

describe.each(PACK_CODES)('the examples of %s', code => {
  const { flag, clean } = examplesOf(code)

  test.each(flag)('$text is $label', ({ text, label }) => {
    expect(read(code, text).flags.map(one => `${one.category}/${one.subtype}`)).toContain(label)
  })

  test.each(clean)('%s is clean', text => {
    expect(read(code, text).flags.map(one => [one.rule, one.quote])).toEqual([])
  })
})
