/**
 * Measures language detection on texts outside the repository: `node test/eval/languages.ts DIR`, with DIR as
 * classify/language-model/sources.ts describes it, and on our own sentences. Only lines that the model was neither
 * trained nor tuned on are counted.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { franc } from 'franc'
import { parse } from 'yaml'
import { detectLanguage } from '../../classify/detect-language.ts'
import type { Detection } from '../../classify/detect-language.ts'
import { LINGUA, linesOf, partOf } from '../../classify/language-model/read-data.ts'
import type { Language } from '../../core/labels.ts'
import { latinize } from '../../core/text.ts'

const VARIETIES: readonly string[] = ['bs', 'hr', 'sr', 'cnr', 'hbs']
const THREE: readonly string[] = ['bs', 'hr', 'sr']
const READ: readonly string[] = ['mk', 'sq', 'en', 'sl']
const FRANC: Readonly<Record<string, string>> = {
  bos: 'bs',
  hrv: 'hr',
  srp: 'sr',
  mkd: 'mk',
  als: 'sq',
  eng: 'en',
  slv: 'sl',
}

interface TextSet {
  readonly name: string
  readonly language: string
  readonly texts: readonly string[]
  readonly headline: boolean
}

const familyOf = (language: string): string =>
  VARIETIES.includes(language) ? 'hbs' : READ.includes(language) ? language : 'und'

function heldOut(folder: string): TextSet[] {
  return Object.entries(LINGUA).flatMap(([name, [family, variety]]) => {
    const of = (file: string): string[] =>
      linesOf(join(folder, 'lingua', name, file)).filter(line => partOf(line) === 'held-out')
    const sentences = of('sentences.txt')
    const inLatin = family === 'mk' || variety === 'sr' ? sentences.map(latinize) : []
    const language = variety ?? (READ.includes(family) ? family : name)
    return [
      { name: 'word pairs', language, texts: of('word-pairs.txt'), headline: true },
      { name: 'headlines', language, texts: sentences.map(text => text.slice(0, 60)), headline: true },
      { name: 'sentences', language, texts: sentences, headline: false },
      { name: 'sentences in Latin', language, texts: inLatin, headline: false },
      { name: 'texts of 1,200 characters', language, texts: joined(sentences), headline: false },
    ].filter(({ texts }) => texts.length > 0)
  })
}

/** Texts as long as an article, of sentences that have nothing to do with each other. */
function joined(sentences: readonly string[]): string[] {
  const texts: string[] = []
  let text = ''
  for (const sentence of sentences) {
    text += `${sentence} `
    if (text.length < 1_200) continue
    texts.push(text.slice(0, 1_200))
    text = ''
  }
  return texts
}

function ours(): TextSet[] {
  const file = join(import.meta.dirname, '..', 'fixtures', 'languages.yml')
  const lists = parse(readFileSync(file, 'utf8')) as Record<string, string[]>
  return Object.entries(lists)
    .filter(([language]) => language !== 'none')
    .map(([language, texts]) => ({ name: 'our own', language, texts, headline: false }))
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`

function report(sets: readonly TextSet[], declare: boolean): void {
  for (const name of new Set(sets.map(set => set.name))) {
    const rows = sets.filter(set => set.name === name).map(set => row(set, declare))
    console.log(`\n### ${name}${declare ? ', declared' : ''}\n`)
    console.log(
      '| language | texts | family right | franc | named | of those right | best of three | cannot tell |',
    )
    console.log('|---|---|---|---|---|---|---|---|')
    for (const one of rows) {
      const { language, texts, right, franc, named, namedRight, best, open } = one
      console.log(
        `| ${language} | ${texts} | ${percent(right, texts)} | ${percent(franc, texts)} | ${percent(named, texts)} | ${percent(namedRight, named)} | ${percent(best, texts)} | ${percent(open, texts)} |`,
      )
    }
    const sum = (of: (one: (typeof rows)[number]) => number): number =>
      rows.reduce((total, one) => total + of(one), 0)
    const three = rows.filter(({ language }) => THREE.includes(language))
    const named = three.reduce((total, one) => total + one.named, 0)
    const best = three.reduce((total, one) => total + one.best / one.texts, 0) / three.length
    console.log(
      `\nall: family ${percent(
        sum(one => one.right),
        sum(one => one.texts),
      )}; ` +
        `bs/hr/sr named ${percent(
          named,
          three.reduce((total, one) => total + one.texts, 0),
        )}, ` +
        `right ${percent(
          three.reduce((total, one) => total + one.namedRight, 0),
          named,
        )}, best of three right ${percent(best, 1)}`,
    )
  }
}

function row({ language, texts, headline }: TextSet, declare: boolean) {
  const declared = declare && language !== 'und' ? (language as Language) : undefined
  const found: Detection[] = texts.map(text => detectLanguage(text, { headline, declared }))
  const named = found.filter(one => VARIETIES.includes(one.language) && one.language !== 'hbs')
  return {
    language,
    texts: texts.length,
    right: found.filter(one => familyOf(one.language) === familyOf(language)).length,
    franc: texts.filter(
      text => familyOf(FRANC[franc(text, { only: Object.keys(FRANC) })] ?? 'und') === familyOf(language),
    ).length,
    named: named.length,
    namedRight: named.filter(one => one.language === language).length,
    best: found.filter(one => bestOfThree(one) === language).length,
    open: found.filter(one => one.language === 'und' && one.confidence === 0).length,
  }
}

/** The likeliest of the three that others tell apart, whether it is named or not. */
function bestOfThree({ candidates }: Detection): string | undefined {
  return candidates.find(({ language }) => THREE.includes(language))?.language
}

const folder = process.argv[2]
const sets = [...ours(), ...(folder && existsSync(join(folder, 'lingua')) ? heldOut(folder) : [])]
if (!folder) console.log('without a folder of texts only our own sentences are measured')
report(sets, false)
report(
  sets.filter(set => VARIETIES.includes(set.language)),
  true,
)
