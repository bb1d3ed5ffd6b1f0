/** The languages we read: the one file that lists their folders. A language is added here and in its folder, nowhere else. */
import type { Language } from '../core/labels.ts'
import { enPack } from './languages/en/pack.ts'
import { hbsPack, hbsVarieties, MONTENEGRIN } from './languages/hbs/pack.ts'
import { mkPack } from './languages/mk/pack.ts'
import { sqPack } from './languages/sq/pack.ts'
import type { Pack, PackCode, VarietyMarkers } from './pack.ts'

const PACKS: Readonly<Record<PackCode, Pack>> = { hbs: hbsPack, mk: mkPack, sq: sqPack, en: enPack }

/** Words that tell Bosnian, Croatian, Montenegrin and Serbian apart. */
export const VARIETIES: readonly VarietyMarkers[] = hbsVarieties
export { MONTENEGRIN }

export function languagePack(code: PackCode): Pack {
  return PACKS[code]
}

/** The pack that reads a language; undefined for a language we do not read. */
export function packCodeOf(language: Language): PackCode | undefined {
  return (Object.keys(PACKS) as PackCode[]).find(code => PACKS[code].languages.includes(language))
}
