/** Articles that report a commemoration, a judgment or a law are left alone; those that pass the sentence on are not. */
import { describe, expect, test } from 'vitest'
import { read } from './bundled.ts'
import { QUOTING, REPORTING } from './reporting-articles.ts'

describe('an article that only reports is not flagged', () => {
  test.each(REPORTING)('%s, %s: %s', (language, _, title, text) => {
    const flags = read(language, text, { title }).flags
    expect(flags.map(flag => `${flag.rule}: ${flag.quote}`)).toEqual([])
  })

  test('two of each kind in each language, of four sentences and more', () => {
    const counts = new Map<string, number>()
    for (const [language, kind, , text] of REPORTING) {
      const key = `${language} ${kind}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      expect(text.match(/[.!?](?:\s|$)/g)!.length).toBeGreaterThanOrEqual(4)
    }
    expect([counts.size, ...new Set(counts.values())]).toEqual([21, 2])
  })
})

describe('an article of the same kind that passes the sentence on is flagged', () => {
  test.each(QUOTING)('%s, %s', (language, _, voice, stances, label, title, text) => {
    const flags = read(language, text, { title }).flags.filter(flag => flag.field === 'text')
    expect(flags.map(flag => [`${flag.category}/${flag.subtype}`, flag.voice])).toEqual([[label, voice]])
    expect(stances).toContain(flags[0]?.stance)
  })
})
