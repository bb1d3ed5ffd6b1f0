/** The sentences of the codebook: what must be flagged, what must not. */
import { describe, expect, test } from 'vitest'
import { CLEAN, FLAGGED, NO_ALERT } from './codebook-sentences.ts'
import { read } from './bundled.ts'

describe('a sentence that is an instance is flagged', () => {
  test.each(FLAGGED)('%s: %s', (language, text, category, subtype) => {
    const labels = read(language, text).flags.map(flag => `${flag.category}/${flag.subtype}`)
    expect(labels).toContain(`${category}/${subtype}`)
  })

  test.each(FLAGGED)('%s: the reason of %s does not repeat it', (language, text) => {
    for (const { why, quote } of read(language, text).flags) expect(why).not.toContain(quote)
  })
})

describe('ordinary news is not flagged', () => {
  test.each(CLEAN)('%s: %s', (language, text) => {
    expect(read(language, text).flags).toEqual([])
  })
})

describe('news that looks alike is never sent unreviewed', () => {
  test.each(NO_ALERT)('%s: %s', (language, text) => {
    expect(read(language, text).flags.filter(flag => flag.alert)).toEqual([])
  })
})
