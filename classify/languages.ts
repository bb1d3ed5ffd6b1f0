/** The languages we read: the one file that lists their folders. A language is added here and in its folder, nowhere else. */
import type { Language } from '../core/labels.ts'
import { enMarkers, enPack } from './languages/en/pack.ts'
import { hbsMarkers, hbsPack, hbsVarieties } from './languages/hbs/pack.ts'
import { mkMarkers, mkPack } from './languages/mk/pack.ts'
import { sqMarkers, sqPack } from './languages/sq/pack.ts'
import { otherMarkers } from './languages/other/markers.ts'
import type { Markers, Pack, PackCode } from './pack.ts'

const PACKS: Readonly<Record<PackCode, Pack>> = { hbs: hbsPack, mk: mkPack, sq: sqPack, en: enPack }

/** Words that tell the languages apart, with those of neighbours that are not read here. */
export const MARKERS: readonly Markers[] = [hbsMarkers, mkMarkers, sqMarkers, enMarkers, ...otherMarkers]
/** Words that tell Bosnian, Croatian, Montenegrin and Serbian apart. */
export const VARIETIES: readonly Markers[] = hbsVarieties

export function languagePack(code: PackCode): Pack {
  return PACKS[code]
}

/** The pack that reads a language; undefined for a language we do not read. */
export function packCodeOf(language: Language): PackCode | undefined {
  return (Object.keys(PACKS) as PackCode[]).find(code => PACKS[code].languages.includes(language))
}
