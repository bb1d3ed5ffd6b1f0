/** "They": a metaphor or a call about people named a sentence or two before. */
import { describe, expect, test } from 'vitest'
import { read } from './bundled.ts'

describe('what is said of them is said of the people named before', () => {
  test.each([
    ['bs', 'U naselju žive Romi. Oni su štakori, napisao je.', 'roma'],
    ['bs', 'Albanci su stigli u grad. Došli su autobusima. Oni su žohari koje treba počistiti.', 'albanians'],
    ['bs', 'Albanci su stigli u grad. „Oni su kao pacovi“, rekao je Savić.', 'albanians'],
    ['sr', 'У граду живе Хрвати. Они су пацови, написао је.', 'croats'],
    ['mk', 'Во населбата живеат Роми. Тие се стаорци, напиша тој.', 'roma'],
    ['sq', 'Në lagje jetojnë romë. Ata janë minj, shkroi ai.', 'roma'],
    ['en', 'Albanians moved in last year. The street is full. They are rats.', 'albanians'],
    ['bs', 'U selu žive Romi. Došli su lani. Treba ih protjerati.', 'roma'],
    ['bs', 'U selu žive Romi.\nTreba ih protjerati.', 'roma'],
  ] as const)('%s: %s', (language, text, target) => {
    expect(read(language, text).flags.map(flag => flag.targets)).toEqual([[target]])
  })
})

describe('nothing is said where', () => {
  test.each([
    ['nobody is named', 'bs', 'Savić i Kovač su se svađali. Oni su štakori.'],
    ['people are named only afterwards', 'bs', 'Treba ih protjerati. U selu žive Romi.'],
    ['only a country is named', 'bs', 'Hrvatski zoološki vrt je pun. Oni su majmuni.'],
    ['real animals stand between', 'bs', 'Albanci drže farmu ovaca i svinja. Oni su svinje iz Danske.'],
    ['it is denied', 'bs', 'U naselju žive Romi. Oni nisu štakori, napisao je.'],
    [
      'the people stand two paragraphs before',
      'bs',
      'U selu žive Romi.\nPala je kiša.\nTreba ih protjerati.',
    ],
    [
      'another speaks of others',
      'en',
      '"Albanians came," said Petar Savic. "They are rats," said Ivan Horvat.',
    ],
  ] as const)('%s', (_, language, text) => {
    expect(read(language, text).flags).toEqual([])
  })
})
