/** Where sentences end, and what stands in quotation marks. */
import { describe, expect, test } from 'vitest'
import { languagePack } from '../../classify/languages.ts'
import { quotationsIn, splitSentences } from '../../classify/sentences.ts'
import { wordsOf } from '../../classify/words.ts'

function sentences(text: string, code: 'hbs' | 'mk' | 'en' = 'hbs'): string[] {
  const pack = languagePack(code)
  const words = wordsOf(text, pack, () => false)
  const { bounds } = splitSentences(text, words, new Set(pack.abbreviations))
  return bounds.map(([first, end]) => text.slice(words[first]!.start, words[end - 1]!.end))
}

describe('sentences', () => {
  test.each([
    ['Prva rečenica. Druga rečenica! Treća?', ['Prva rečenica', 'Druga rečenica', 'Treća']],
    ['Bilo je to tzv. Veliko slavlje u gradu.', ['Bilo je to tzv. Veliko slavlje u gradu']],
    ['Bilo je t.zv. slavlje.', ['Bilo je t.zv. slavlje']],
    ['Rekao je M. Savić u petak.', ['Rekao je M. Savić u petak']],
    ['Dana 11. Jula se okupljaju.', ['Dana 11. Jula se okupljaju']],
    ['Ukupno 8.000 ljudi. Došlo ih je više.', ['Ukupno 8.000 ljudi', 'Došlo ih je više']],
    ['Naslov\nTekst ispod.', ['Naslov', 'Tekst ispod']],
    ['Bez razmaka.Nova rečenica.', ['Bez razmaka', 'Nova rečenica']],
    ['Rekao je: „Ne.“ Onda je otišao.', ['Rekao je: „Ne', 'Onda je otišao']],
    ['Adresa je portal.example.org danas.', ['Adresa je portal.example.org danas']],
  ])('%s', (text, expected) => {
    expect(sentences(text)).toEqual(expected)
  })
})

describe('quotations', () => {
  test.each([
    ['On kaže „nije tako“ i ode.', ['nije tako']],
    ['On kaže „nije tako” i ode.', ['nije tako']],
    ['On kaže »nije tako« i ode.', ['nije tako']],
    ['On kaže «nije tako» i ode.', ['nije tako']],
    ['On kaže "nije tako" i ode.', ['nije tako']],
    ['On kaže “nije tako” i ode.', ['nije tako']],
    ["On kaže 'nije tako' i ode.", ['nije tako']],
    ["Ai tha se s'ka asgjë dhe s'do të ketë.", []],
    ['Nikad zatvoren „navod bez kraja', []],
    ['– Nije tako – rekao je.', ['Nije tako']],
    ['Dva „prva“ i „druga riječ“ navoda.', ['prva', 'druga riječ']],
  ])('%s', (text, expected) => {
    expect(quotationsIn(text).map(({ start, end }) => text.slice(start, end))).toEqual(expected)
  })
})
