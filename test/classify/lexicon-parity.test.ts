/** What is said of one group weighs the same said of any other: one template, every group. */
import { describe, expect, test } from 'vitest'
import type { Category } from '../../core/labels.ts'
import { read } from './bundled.ts'

interface Group {
  /** Srbi, Srba, Srbima, Srbe; one of them: Srbin. */
  readonly nominative: string
  readonly genitive: string
  readonly dative: string
  readonly accusative: string
  readonly one: string
}

const GROUPS: readonly Group[] = [
  'Bošnjaci Bošnjaka Bošnjacima Bošnjake Bošnjak',
  'Srbi Srba Srbima Srbe Srbin',
  'Hrvati Hrvata Hrvatima Hrvate Hrvat',
  'Albanci Albanaca Albancima Albance Albanac',
  'Crnogorci Crnogoraca Crnogorcima Crnogorce Crnogorac',
  'Makedonci Makedonaca Makedoncima Makedonce Makedonac',
  'Romi Roma Romima Rome Rom',
  'Aškalije Aškalija Aškalijama Aškalije Aškalija',
  'Jevreji Jevreja Jevrejima Jevreje Jevrejin',
  'Židovi Židova Židovima Židove Židov',
  'muslimani muslimana muslimanima muslimane musliman',
  'katolici katolika katolicima katolike katolik',
  'pravoslavci pravoslavaca pravoslavcima pravoslavce pravoslavac',
  'Turci Turaka Turcima Turke Turčin',
  'Bosanci Bosanaca Bosancima Bosance Bosanac',
  'Bugari Bugara Bugarima Bugare Bugarin',
  'Goranci Goranaca Gorancima Gorance Goranac',
  'Kosovari Kosovara Kosovarima Kosovare Kosovar',
  'Slovenci Slovenaca Slovencima Slovence Slovenac',
  'Mađari Mađara Mađarima Mađare Mađar',
  'migranti migranata migrantima migrante migrant',
].map(forms => {
  const [nominative, genitive, dative, accusative, one] = forms.split(' ')
  return { nominative, genitive, dative, accusative, one } as Group
})

const SAID: readonly [category: Category, say: (group: Group) => string][] = [
  ['dehumanization', ({ nominative }) => `Ovi ${nominative} su štakori, napisao je neko na zidu.`],
  ['dehumanization', ({ nominative }) => `Na zidu piše da ${nominative} nisu ljudi.`],
  ['dehumanization', ({ genitive }) => `To je leglo ${genitive}, rekao je gost.`],
  ['dehumanization', ({ dative }) => `Zločin je ${dative} u krvi, rekao je.`],
  ['dehumanization', ({ genitive }) => `Treba počistiti grad od ${genitive}, rekao je.`],
  ['dehumanization', ({ one }) => `Svaki ${one} je lopov, rekao je.`],
  ['dehumanization', ({ nominative }) => `U pismu piše: ${nominative} su rak ovog društva.`],
  ['incitement', ({ dative }) => `Na zidu piše: smrt ${dative}!`],
  ['incitement', ({ accusative }) => `Treba pobiti sve ${accusative}, viknuo je.`],
  ['incitement', ({ accusative }) => `Moramo protjerati ${accusative} iz grada, rekao je.`],
  ['incitement', ({ genitive }) => `Ne kupujte kod ${genitive}, piše na letku.`],
  ['incitement', ({ nominative }) => `Kaže: ${nominative}, marš iz našeg grada!`],
  ['threat', ({ nominative }) => `Tvrdi da ${nominative} spremaju pogrom nad nama.`],
  ['threat', ({ nominative }) => `Kaže da su ${nominative} peta kolona u ovoj zemlji.`],
  ['threat', ({ nominative }) => `Kaže da ${nominative} siluju naše djevojke.`],
  ['threat', ({ genitive }) => `Nestajemo zbog ${genitive}, rekao je.`],
]

describe('the same is flagged of every group', () => {
  test.each(SAID.map(([category, say]) => [say(GROUPS[0]!), category, say] as const))(
    '%s',
    (_, category, say) => {
      const missed = GROUPS.filter(
        group => !read('bs', say(group)).flags.some(flag => flag.category === category),
      )
      expect(missed.map(({ nominative }) => nominative)).toEqual([])
    },
  )
})

test('and of none where they are only named', () => {
  const flagged = GROUPS.filter(
    ({ nominative }) => read('bs', `U koloni su bili i ${nominative}, javlja redakcija.`).flagged,
  )
  expect(flagged).toEqual([])
})
