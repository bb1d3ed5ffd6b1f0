/** Lines to split into tokens: words of all our languages as the encoder reads them, signs, numbers, markers, and letters no piece knows. */

const WORDS = {
  hbs: 'na godisnjici je govorilo vise od stotinu prezivjelih grad most rijeka skola nastavnik predsjednik opcine rekao da ce put biti otvoren sutra ujutro kisa je padala cijelu noc nad dolinom a ribari su cekali na obali djeca su crtala drvo ispred biblioteke zeljeznicka stanica radi ponovo od ponedjeljka vijecnici su usvojili odluku o vodovodu dzez djak ljubav njiva',
  mk: 'градот доби нова библиотека во центарот на улицата каде што порано стоеше стара пекарница учителката рече дека децата читаат повеќе отколку лани а реката надојде по дождот ѓердан ќерка џемпер љубов њива ѕвезда железница пролет советниците гласаа за патот кон езерото',
  sq: 'ne qytet u hap nje biblioteke e re prane lumit ku dikur ishte furra e vjeter mesuesja tha se femijet lexojne me shume se vitin e kaluar kryetari premtoi rruge te reja per fshatrat e malit shiu ra gjithe naten mbi lugine dhe peshkataret priten ne breg',
  en: 'the town opened a new library near the river where the old bakery stood the teacher said that children read more than last year and the council voted for a road to the lake rain fell all night over the valley while fishermen waited on the shore',
} as const

const SIGNS = ['.', ',', ':', ';', '!', '?', '...', '-', '"', "'", '(', ')', '%', '&', '/', '+']
const STRANGE = ['ж', 'щ', 'ω', 'ß', '漢字', 'я', 'ł', 'א', 'đ', 'ñ', 'ќ']
const MARKERS = [0xe000, 0xe001, 0xe006, 0xe008].map(code => String.fromCharCode(code))

/** Always the same ones. */
export function tokenizerLines(count: number): string[] {
  let state = 20_260_101
  const chance = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const pick = <T>(of: readonly T[]): T => of[chance(of.length)]!
  const lists = Object.values(WORDS).map(words => words.split(' '))
  const word = (list: readonly string[]): string => {
    const kind = chance(20)
    if (kind === 0) return String(chance(100_000))
    if (kind === 1) return pick(MARKERS)
    if (kind === 2) return pick(list) + pick(STRANGE) + pick(STRANGE)
    // Two halves of words: a word that is in no dictionary.
    if (kind < 6) return pick(list).slice(0, 1 + chance(5)) + pick(list).slice(chance(4))
    if (kind < 9) return pick(list) + pick(SIGNS)
    if (kind === 9) return pick(SIGNS) + pick(list)
    return pick(list)
  }
  return Array.from({ length: count }, (_, at) => {
    const list = lists[at % lists.length]!
    return Array.from({ length: 1 + chance(14) }, () => word(list)).join(' ')
  })
}
