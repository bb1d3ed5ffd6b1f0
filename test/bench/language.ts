/** Texts a second through language detection, beside franc, which is asked about the same languages, and eld where it is installed. */
import { franc } from 'franc'
import { detectLanguage } from '../../classify/detect-language.ts'
import { invent, STANDARD_HITS } from './invented-articles.ts'
import { figure, measure, ratio } from './table.ts'
import type { BenchOptions, Table } from './table.ts'

export const name = 'language'

/** Measured beside ours where it is installed; it is no dependency. */
const PEER = 'eld/extrasmall'

interface Peer {
  readonly eld: { detect(text: string): unknown }
}

const FRANC_ONLY = { only: ['bos', 'hrv', 'srp', 'mkd', 'als', 'eng', 'slv'] }
const LENGTHS = [60, 120, 2_250]

export async function bench({ quick }: BenchOptions): Promise<Table> {
  const articles = invent({ count: quick ? 50 : 500, characters: 2_250, hits: STANDARD_HITS })
  const peer = (await import(PEER).catch(() => undefined)) as Peer | undefined
  const rows: (string | number)[][] = []
  for (const length of LENGTHS) {
    const texts = articles.map(text => text.slice(0, length))
    const times = Math.ceil(5_000 / length / (quick ? 5 : 1))
    const [ours, theirs, other] = await measure(
      [
        {
          name: 'detect-language',
          run() {
            for (let round = 0; round < times * 10; round++) for (const text of texts) detectLanguage(text)
            return texts.length * times * 10
          },
        },
        {
          name: 'franc, seven languages',
          run() {
            for (let round = 0; round < Math.ceil(times / 10); round++) {
              for (const text of texts) franc(text, FRANC_ONLY)
            }
            return texts.length * Math.ceil(times / 10)
          },
        },
        ...(peer
          ? [
              {
                name: 'eld, extra small',
                run() {
                  for (let round = 0; round < times; round++) for (const text of texts) peer.eld.detect(text)
                  return texts.length * times
                },
              },
            ]
          : []),
      ],
      quick ? 1 : 5,
    )
    for (const one of [ours!, theirs!, ...(other ? [other] : [])]) {
      const against = other ? ratio(one.perCpuSecond, other.perCpuSecond) : '–'
      const speed = one.perCpuSecond
      rows.push([length, one.name, figure(speed), ratio(speed, theirs!.perCpuSecond), against])
    }
  }
  return {
    title: 'language detection',
    columns: ['characters', 'contender', 'texts/CPU-s', 'v. franc', 'v. eld'],
    rows,
    notes: [
      'Nothing is remembered from text to text: figures on real news are the same within what a run varies.',
    ],
  }
}
