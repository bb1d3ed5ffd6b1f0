/** Neutral words for neutral words: who says it where and when does not change what a passage is. */
import type { Language } from '../../core/labels.ts'

type Table = Readonly<Record<string, string>>

const BCMS: Table = {
  ...{ rekao: 'kazao', rekla: 'kazala', rekli: 'kazali', izjavio: 'poručio', izjavila: 'poručila' },
  ...{
    kazao: 'rekao',
    kazala: 'rekla',
    poručio: 'izjavio',
    poručila: 'izjavila',
    naveo: 'kazao',
    navela: 'kazala',
  },
  ...{
    jučer: 'prekjučer',
    juče: 'prekjuče',
    sinoć: 'jučer',
    danas: 'večeras',
    srijedu: 'petak',
    sredu: 'petak',
  },
  ...{ portal: 'sajt', emisiji: 'razgovoru', intervjuu: 'razgovoru', tribini: 'skupu', skupu: 'okupljanju' },
  ...{ načelnik: 'gradonačelnik', gradonačelnik: 'načelnik', poslanik: 'zastupnik', zastupnik: 'poslanik' },
  ...{ opet: 'ponovo', ponovo: 'opet', nakon: 'poslije', također: 'isto', takođe: 'isto', dodao: 'kazao' },
}

const WORDS: Readonly<Partial<Record<Language, Table>>> = {
  ...{ bs: BCMS, hr: BCMS, sr: BCMS, cnr: BCMS },
  mk: {
    ...{ рече: 'кажа', кажа: 'рече', изјави: 'порача', порача: 'изјави', додаде: 'кажа' },
    ...{ вчера: 'завчера', синоќа: 'вчера', денес: 'вечерва', среда: 'петок', повторно: 'пак' },
    ...{ трибината: 'собирот', собирот: 'трибината', градоначалникот: 'пратеникот', порталот: 'весникот' },
  },
  sq: {
    ...{ tha: 'deklaroi', deklaroi: 'tha', shtoi: 'tha', dje: 'pardje', sot: 'sonte', mbrëmë: 'dje' },
    ...{
      kryetari: 'deputeti',
      deputeti: 'kryetari',
      portali: 'gazeta',
      gjithashtu: 'edhe',
      intervistë: 'bisedë',
    },
  },
  en: {
    ...{ said: 'stated', stated: 'said', told: 'informed', added: 'said', yesterday: 'today', again: 'anew' },
    ...{
      councillor: 'deputy',
      mayor: 'deputy',
      website: 'portal',
      portal: 'website',
      interview: 'conversation',
    },
  },
}

/** The text with each word of the language's table replaced; capitals stay. The tables are in Latin for BCMS. */
export function withSynonyms(text: string, language: Language): string {
  const table = WORDS[language] ?? {}
  return text.replaceAll(/\p{L}+/gu, word => {
    const other = table[word.toLowerCase()]
    if (other === undefined) return word
    return word === word.toLowerCase() ? other : other.slice(0, 1).toUpperCase() + other.slice(1)
  })
}
