/** Ijekavian to ekavian and back, for the words of the suites: a variant of a passage, not a converter for the world. */
import { scriptOf } from './evaluate.ts'

/** Beginnings of words that can be read back as well. */
const BOTH_WAYS: Readonly<Record<string, string>> = {
  ...{ riječ: 'reč', svijet: 'svet', svijeć: 'sveć', cvijeć: 'cveć', razmijen: 'razmen', umjesto: 'umesto' },
  ...{ vrijem: 'vrem', vrijed: 'vred', uvrijed: 'uvred', dijete: 'dete', dijec: 'dec', djed: 'ded' },
  ...{ ponedjelj: 'ponedelj', mjest: 'mest', mješt: 'mešt', mjesec: 'mesec', vjetar: 'vetar' },
  ...{ vječ: 'več', susjed: 'sused', sjednic: 'sednic', sjeć: 'seć', sjever: 'sever', posljed: 'posled' },
  ...{
    slijed: 'sled',
    svjedo: 'svedo',
    tijel: 'tel',
    cijel: 'cel',
    cijen: 'cen',
    bjež: 'bež',
    pjesm: 'pesm',
  },
  ...{ pjesnik: 'pesnik', pjeva: 'peva', primjer: 'primer', povjer: 'pover', ovdje: 'ovde', negdje: 'negde' },
  ...{ gdje: 'gde', poslije: 'posle', uvijek: 'uvek', dvije: 'dve', snijeg: 'sneg', zvijer: 'zver' },
  ...{ strijelj: 'strelj', protjer: 'proter', istrijeb: 'istreb', obiljež: 'obelež', izbjeg: 'izbeg' },
  ...{ čovječ: 'čoveč', čovjek: 'čovek', ubijeđ: 'ubeđ', ocijen: 'ocen', djevoj: 'devoj' },
}

/** Beginnings whose ekavian form also begins other words, or stands for two ijekavian ones. */
const TO_EKAVIAN: Readonly<Record<string, string>> = {
  ...{ rijek: 'rek', vjer: 'ver', vijest: 'vest', vjetr: 'vetr', sjest: 'sest', lijep: 'lep', lijek: 'lek' },
  ...{ bijel: 'bel', mjer: 'mer', prije: 'pre', djec: 'dec', dječ: 'deč', dijel: 'del', rješ: 'reš' },
  // A name, the same in both.
  prijedor: 'prijedor',
}

const ekavian = replacer({ ...BOTH_WAYS, ...TO_EKAVIAN })
const ijekavian = replacer(Object.fromEntries(Object.entries(BOTH_WAYS).map(([ije, e]) => [e, ije])))

/** Latin text with its jat words in the other pronunciation. Cyrillic stays: the script has a variant of its own. */
export function jatSwitched(text: string): string {
  if (scriptOf(text) === 'Cyrl') return text
  const other = ekavian(text)
  return other === text ? ijekavian(text) : other
}

function replacer(table: Readonly<Record<string, string>>): (text: string) => string {
  const beginnings = Object.keys(table).sort((one, other) => other.length - one.length)
  const pattern = new RegExp(`(?<!\\p{L})(?:${beginnings.join('|')})`, 'giu')
  return text =>
    text.replaceAll(pattern, found => {
      const other = table[found.toLowerCase()] ?? found
      const capital = found.slice(0, 1) !== found.slice(0, 1).toLowerCase()
      return capital ? other.slice(0, 1).toUpperCase() + other.slice(1) : other
    })
}
