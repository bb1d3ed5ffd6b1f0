/** Rules and model together: one flag a passage, the rules' word where they know better, and a cost that is bounded. */
import { describe, expect, test } from 'vitest'
import { MAX_WINDOWS } from '../../../classify/model/suspects.ts'
import { flagSchema } from '../../../core/finding.ts'
import type { Flag } from '../../../core/finding.ts'
import { silentLogger } from '../../../core/logger.ts'
import { bundledClassifier } from '../bundled.ts'
import { CLOSED_GATE, detectorWith, encoderFinding, OPEN_GATE } from './scripted.ts'
import type { Finding, ScriptedOptions } from './scripted.ts'

const rules = bundledClassifier()

async function flagsOf(
  text: string,
  findings: readonly Finding[],
  options: ScriptedOptions & { readonly title?: string } = {},
): Promise<readonly Flag[]> {
  const detector = detectorWith(rules, encoderFinding(text, findings), options)
  const { title } = options
  const [answer] = await detector.classifyAll([{ id: 'a', title, text, declaredLanguage: 'hr' }])
  for (const flag of answer!.flags) expect(flagSchema.parse(flag)).toEqual(flag)
  return answer!.flags
}

const weather = 'Jučer je nad gradom padala kiša. Vijećnici su usvojili proračun za iduću godinu.'
const hint = 'opet će doći po sve što imamo'
const hinted = `${weather} Srbi ${hint}, čitamo u ovom tekstu. Most je otvoren u podne.`

describe('a passage that only the model finds', () => {
  test('becomes a flag with its words, the labels of the model, and a reason', async () => {
    const [flag, ...more] = await flagsOf(hinted, [{ quote: hint, category: 'threat', subtype: 'mirror' }])
    expect(more).toEqual([])
    expect(flag).toMatchObject({
      ...{ category: 'threat', subtype: 'mirror', severity: 4, rule: 'model', tier: 'model' },
      ...{ quote: hint, start: hinted.indexOf(hint), end: hinted.indexOf(hint) + hint.length },
      ...{ targets: ['serbs'], voice: 'outlet', confidence: 0.99, alert: true },
      examples: [{ id: 'wa-0001a', similarity: 0.9 }],
    })
    expect(flag!.why).toMatch(/the model reads it so; a group is named/)
    expect(flag!.sentence).toContain('čitamo')
  })

  test('is not sent to anybody unread in a language that the model is not calibrated in', async () => {
    const [flag] = await flagsOf(hinted, [{ quote: hint }], { offsets: { sq: 0 } })
    expect(flag).toMatchObject({ tier: 'model', confidence: 0.99, alert: false })
  })

  test('is read where the gate finds its sentence suspicious, which it sees alone', async () => {
    const seen: string[] = []
    const score = (text: string): number => {
      seen.push(text)
      return text.includes('citamo') ? 1 : 0
    }
    const encoder = encoderFinding(hinted, [{ quote: hint }])
    const detector = detectorWith(rules, encoder, { gate: { threshold: 1, score } })
    const [answer] = await detector.classifyAll([{ id: 'a', text: hinted, declaredLanguage: 'hr' }])
    expect(answer!.flags).toHaveLength(1)
    expect(seen).toHaveLength(4)
    expect(seen.filter(text => text.includes('citamo'))).toHaveLength(1)
    // Its own, and those of its two neighbours for a second look.
    expect(encoder.asked).toHaveLength(3)
  })

  test('is quoted from the beginning of a word to the end of one', async () => {
    const [flag] = await flagsOf(hinted, [{ quote: 'oći po sve što im' }])
    expect(flag!.quote).toBe('doći po sve što imamo')
  })

  test('is in the voice that quotation marks show, whatever the model says', async () => {
    const text = `${weather} „Srbi ${hint}“, rekao je gradonačelnik Ivan Horvat. Most je otvoren.`
    const [flag] = await flagsOf(text, [{ quote: hint, voice: 'author' }])
    expect(flag).toMatchObject({ voice: 'quoted', speaker: 'Ivan Horvat' })
  })

  test('is about the group named in the sentence before, where it says "they"', async () => {
    const text = `Albanci žive i ovdje. Oni ${hint}. Most je otvoren.`
    expect((await flagsOf(text, [{ quote: hint }]))[0]!.targets).toEqual(['albanians'])
  })

  test('is one flag, also where the windows of its neighbours show it too', async () => {
    expect(await flagsOf(`${hinted} ${weather}`, [{ quote: hint }])).toHaveLength(1)
  })

  test('of which the combiner is not sure enough is none', async () => {
    expect(await flagsOf(hinted, [{ quote: hint, instance: -0.1 }])).toEqual([])
    expect(await flagsOf(hinted, [{ quote: hint, instance: 0.1 }])).toHaveLength(1)
  })

  test('says by its id what made it', () => {
    expect(detectorWith(rules, encoderFinding('', [])).madeBy).toEqual({
      ...rules.madeBy,
      model: 'scripted-test',
    })
  })
})

describe('a passage that the rules find', () => {
  const text = `${weather} U Srebrenici nije bilo genocida. Most je otvoren u podne.`
  const quote = 'nije bilo genocida'

  test('keeps the labels of the rules, with the confidence of both', async () => {
    const [flag, ...more] = await flagsOf(text, [{ quote: 'U Srebrenici nije bilo', category: 'threat' }])
    expect(more).toEqual([])
    expect(flag).toMatchObject({ category: 'denial', subtype: 'outright', quote, tier: 'both' })
    expect(flag!.rule).not.toBe('model')
    expect(flag!.why).toContain('the model finds it suspicious too')
  })

  test('is read even where the gate is closed, and falls where the model is sure that it is nothing', async () => {
    const found = { gate: CLOSED_GATE }
    expect(await flagsOf(text, [{ quote }], found)).toHaveLength(1)
    expect(await flagsOf(text, [], found)).toEqual([])
    const detector = detectorWith(rules, encoderFinding(text, []), found)
    await detector.classifyAll([{ id: 'a', text, declaredLanguage: 'hr' }])
    expect(detector.reads).toMatchObject({ articles: 1, windows: 1, leftOut: 0 })
  })

  test('that only the rules believe says so', async () => {
    const [flag] = await flagsOf(text, [], { weights: { window: 0.1, rule: 1 } })
    expect(flag).toMatchObject({ tier: 'rules', quote })
    expect(flag!.why).toContain('the model finds little in it')
  })
})

describe('the model is quiet', () => {
  test.each([
    [
      'where the rules take the same back',
      'Nije istina da u Srebrenici nije bilo genocida, utvrdio je sud.',
      { quote: 'nije bilo genocida', category: 'denial', subtype: 'outright' },
    ],
    [
      'where nothing is named that could be denied, and the denial is not clear',
      'Kažu da se ništa nije dogodilo i da su svi otišli sami.',
      { quote: 'ništa nije dogodilo', category: 'denial', subtype: 'outright', instance: 1 },
    ],
    [
      'where a word is disputed that no court has used',
      'U Vukovaru nije bilo genocida, pokazuju presude.',
      { quote: 'nije bilo genocida', category: 'denial', subtype: 'qualification' },
    ],
    [
      'where somebody says that it was genocide',
      'Načelnik je bio glup. U Srebrenici je bio genocid, kao što piše u presudi.',
      { quote: 'glup. U Srebrenici je bio genocid', category: 'denial', subtype: 'qualification' },
    ],
    [
      'where no group is named, and the passage is not clear',
      'Tijesto dobro izmijesite, pa ga istucite i pustite da odleži.',
      { quote: 'pa ga istucite', category: 'incitement', subtype: 'violence', instance: 3 },
    ],
  ] as const)('%s', async (_, text, finding) => {
    expect(await flagsOf(text, [finding])).toEqual([])
  })

  test('but not where another thing is said in the same sentence', async () => {
    const text = `Nije istina da u Srebrenici nije bilo genocida, ali Srbi ${hint}.`
    expect(await flagsOf(text, [{ quote: hint, subtype: 'mirror' }])).toMatchObject([{ category: 'threat' }])
  })
})

describe('a denial', () => {
  test('names the event of its sentence, or of the headline', async () => {
    const text = `${weather} Tamo su pokopani ljudi koji su umrli od starosti. Most je otvoren.`
    const finding = {
      quote: 'umrli od starosti',
      category: 'denial',
      subtype: 'numbers',
      instance: 1,
    } as const
    const [flag] = await flagsOf(text, [finding], { title: 'Obljetnica Srebrenice' })
    expect(flag).toMatchObject({ category: 'denial', event: 'srebrenica-1995' })
    expect(await flagsOf(text, [finding], { title: 'Vrijeme sutra' })).toEqual([])
    const clear = await flagsOf(text, [{ ...finding, instance: 6 }], { title: 'Vrijeme sutra' })
    expect(clear).toHaveLength(1)
    expect(clear[0]).not.toHaveProperty('event')
  })
})

describe('many articles at once', () => {
  test('are answered in order, and as each would be alone', async () => {
    const detector = detectorWith(rules, encoderFinding(hinted, [{ quote: hint }]))
    const inputs = [hinted, weather, hinted].map((text, at) => ({ id: String(at), text }) as const)
    const together = await detector.classifyAll(inputs)
    expect(together.map(one => one.flagged)).toEqual([true, false, true])
    for (const [at, input] of inputs.entries())
      expect(await detector.classifyAll([input])).toEqual([together[at]])
  })
})

describe('what is made to cost much', () => {
  const sentence = 'U Srebrenici nije bilo genocida.'

  test('10,000 suspicious sentences in one article: the most suspicious are read, and the log says how many not', async () => {
    const text = `${sentence} `.repeat(5_000).trim()
    const warnings: object[] = []
    const logger = { ...silentLogger, warn: (fields: object) => void warnings.push(fields) }
    const encoder = encoderFinding(text, [])
    const detector = detectorWith(rules, encoder, { logger, gate: OPEN_GATE })
    const before = process.cpuUsage()
    await detector.classifyAll([{ id: 'flood', text: `${text} ${text}`, declaredLanguage: 'hr' }])
    expect(process.cpuUsage(before).user).toBeLessThan(20_000_000)
    expect(encoder.asked.length).toBeLessThanOrEqual(MAX_WINDOWS + 16)
    expect(warnings).toMatchObject([{ article: 'flood', read: MAX_WINDOWS }])
    expect(detector.reads.leftOut).toBeGreaterThan(1_000)
  })

  test('what was not read of it is judged by the rules alone', async () => {
    const text = `${sentence} `.repeat(200).trim()
    const input = { id: 'flood', text, declaredLanguage: 'hr' } as const
    const [answer] = await detectorWith(rules, encoderFinding(text, [])).classifyAll([input])
    const alone = rules.classify(input).flags
    expect(answer!.flags.length).toBeGreaterThan(0)
    expect(answer!.flags.length).toBeLessThan(alone.length)
    expect(answer!.flags.every(flag => alone.some(one => one.start === flag.start))).toBe(true)
  })

  test.each([
    ['one sentence of a megabyte', 'rijec '.repeat(170_000)],
    ['one word of a megabyte', 'r'.repeat(1_000_000)],
    ['unknown characters alone', '漢字'.repeat(50_000)],
    ['nothing', ''],
  ])('%s', async (_, text) => {
    const encoder = encoderFinding(text, [])
    const before = process.cpuUsage()
    const [answer] = await detectorWith(rules, encoder).classifyAll([
      { id: 'a', text, declaredLanguage: 'hr' },
    ])
    expect(answer!.flagged).toBe(false)
    expect(encoder.asked.length).toBeLessThanOrEqual(MAX_WINDOWS)
    expect(process.cpuUsage(before).user).toBeLessThan(10_000_000)
  })
})
