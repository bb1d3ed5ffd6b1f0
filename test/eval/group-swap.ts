/** Group swap: the same passage about other people. What is an instance against one group is one against any. */
import type { PackCode } from '../../classify/pack.ts'
import { fold } from '../../core/text.ts'

/** For each group the same forms in the same order. Adjectives change in their stem alone. */
interface Paradigms {
  readonly nouns: readonly string[]
  /** Stems; what may follow them, folded, is `endings`. */
  readonly adjectives: readonly string[]
  readonly endings: RegExp
}

const PARADIGMS: Readonly<Record<PackCode, Paradigms>> = {
  hbs: {
    // Nominative, genitive, other cases and accusative of many; nominative, genitive, dative and instrumental of one.
    nouns: [
      'srbi srba srbima srbe srbin srbina srbinu srbinom',
      'hrvati hrvata hrvatima hrvate hrvat hrvata hrvatu hrvatom',
      'bošnjaci bošnjaka bošnjacima bošnjake bošnjak bošnjaka bošnjaku bošnjakom',
      'albanci albanaca albancima albance albanac albanca albancu albancem',
      'crnogorci crnogoraca crnogorcima crnogorce crnogorac crnogorca crnogorcu crnogorcem',
      'romi roma romima rome rom roma romu romom',
      'mađari mađara mađarima mađare mađar mađara mađaru mađarom',
      'jevreji jevreja jevrejima jevreje jevrejin jevrejina jevrejinu jevrejinom',
    ],
    adjectives: ['srpsk', 'hrvatsk', 'bošnjačk', 'albansk', 'crnogorsk', 'romsk', 'mađarsk', 'jevrejsk'],
    endings: /^(i|a|o|e|u|og|oga|om|ome|omu|oj|ih|im|ima)$/,
  },
  mk: {
    nouns: [
      'албанци албанците албанец албанецот албанка',
      'срби србите србин србинот србинка',
      'бугари бугарите бугарин бугаринот бугарка',
      'турци турците турчин турчинот турчинка',
      'роми ромите ром ромот ромка',
      'македонци македонците македонец македонецот македонка',
      'бошњаци бошњаците бошњак бошњакот бошњачка',
    ],
    adjectives: ['албанск', 'српск', 'бугарск', 'турск', 'ромск', 'македонск', 'бошњачк'],
    endings: /^(i|a|o|iot|ata|oto|ite)$/,
  },
  sq: {
    nouns: [
      'serb serbi serbin serbët serbëve serbë',
      'boshnjak boshnjaku boshnjakun boshnjakët boshnjakëve boshnjakë',
      'kroat kroati kroatin kroatët kroatëve kroatë',
      'malazez malazezi malazezin malazezët malazezëve malazezë',
      'shqiptar shqiptari shqiptarin shqiptarët shqiptarëve shqiptarë',
    ],
    adjectives: ['serb', 'boshnjak', 'kroat', 'malazez', 'shqiptar'],
    endings: /^(e|ja|en|es|et|eve)$/,
  },
  en: {
    nouns: [
      'serbs serb',
      'croats croat',
      'bosniaks bosniak',
      'albanians albanian',
      'montenegrins montenegrin',
      'hungarians hungarian',
      'macedonians macedonian',
    ],
    adjectives: ['serbian', 'croatian', 'bosnian', 'albanian', 'montenegrin', 'hungarian', 'macedonian'],
    endings: /^(s)?$/,
  },
}

/** The passage with every name of a group replaced by that of another, `turn` places on; as it is where it names none. */
export function swapGroups(text: string, code: PackCode, turn: number): string {
  const { places, stems } = TABLES[code]
  const { nouns, adjectives, endings } = PARADIGMS[code]
  const other = (word: string): string | undefined => {
    const folded = fold(word)
    const place = places.get(folded)
    if (place) return nouns[(place.row + turn) % nouns.length]!.split(' ')[place.form]
    const at = stems.findIndex(stem => folded.startsWith(stem) && endings.test(folded.slice(stem.length)))
    if (at === -1) return undefined
    const ending = folded.length - stems[at]!.length
    return adjectives[(at + turn) % stems.length]! + word.slice(word.length - ending)
  }
  return text.replace(/\p{L}+/gu, word => {
    const swapped = other(word)
    if (swapped === undefined) return word
    const capital = word.charAt(0) !== word.charAt(0).toLowerCase()
    return capital ? swapped.charAt(0).toUpperCase() + swapped.slice(1) : swapped
  })
}

interface Table {
  /** By folded form; a form of two meanings is the first. */
  readonly places: ReadonlyMap<string, { readonly row: number; readonly form: number }>
  /** Folded. */
  readonly stems: readonly string[]
}

const TABLES: Readonly<Record<PackCode, Table>> = {
  hbs: tableOf(PARADIGMS.hbs),
  mk: tableOf(PARADIGMS.mk),
  sq: tableOf(PARADIGMS.sq),
  en: tableOf(PARADIGMS.en),
}

function tableOf({ nouns, adjectives }: Paradigms): Table {
  const forms = nouns.flatMap((row, at) =>
    row.split(' ').map((form, index) => [fold(form), { row: at, form: index }] as const),
  )
  return { places: new Map(forms.reverse()), stems: adjectives.map(stem => fold(stem)) }
}
