/**
 * Ekavian forms: how the encoder reads Ijekavian, so that a sentence weighs the same in both pronunciations. Folded
 * words; that "istorije" stays "istorije" matters more than that every rare word is turned.
 */

/** Roots by what stands for the old yat: its long form, and its short one where that is written otherwise. */
const ROOTS =
  'rijec:rec rjecn:recn rjecit:recit svijet:svet svjet:svet cvijet:cvet cvjet:cvet cvijec:cvec cvjec:cvec dijet:det djet:det ' +
  'djec:dec djed:ded djev:dev djel:del dijel:del mjest:mest mjesn:mesn mjesec:mesec mjes:mes mijes:mes vrijem:vrem ' +
  'vrijed:vred vrjed:vred vijek:vek vjek:vek vjec:vec vijec:vec vijest:vest vjest:vest vjes:ves vjer:ver vjet:vet ' +
  'vijed:ved vjed:ved vjezb:vezb vijenac:venac vijenc:venc vjenc:venc sjev:sev sjec:sec sijec:sec sjet:set sjed:sed sijed:sed ' +
  'sjek:sek sjem:sem sjen:sen slijed:sled sljed:sled slijep:slep sljep:slep snijeg:sneg snjez:snez tijel:tel tjel:tel ' +
  'tjer:ter tjes:tes tijes:tes cijel:cel cjel:cel cijen:cen cjen:cen cjep:cep cijep:cep bijel:bel bjel:bel bijed:bed ' +
  'bjed:bed bijeg:beg bjeg:beg bjez:bez bijes:bes bjes:bes pjes:pes pjev:pev pijev:pev pjen:pen mjer:mer mjen:men mijen:men ' +
  'mjehur:mehur mlijek:mlek mlijec:mlec rijek:rek rjes:res rijes:res rijet:ret rjedj:redj rijedj:redj rjedit:redit lijep:lep ' +
  'ljeps:leps ljepot:lepot lijek:lek lijec:lec ljekar:lekar lijev:lev ljevic:levic ljevicar:levicar ljet:let lijet:let ' +
  'hljeb:hleb brijeg:breg brjeg:breg grijeh:greh grijes:gres grjes:gres smijeh:smeh smijes:smes smjel:smel nijemac:nemac ' +
  'nijemc:nemc nijemi:nemi njemack:nemack njemic:nemic njezn:nezn zvijezd:zvezd zvjezd:zvezd zvijer:zver zvjer:zver strijel:strel ' +
  'strjel:strel trijeb:treb trjeb:treb trijezn:trezn korijen:koren korjen:koren koljen:kolen stijen:sten stjen:sten ' +
  'prijedlog:predlog prijelaz:prelaz prijevoz:prevoz prijenos:prenos prijevod:prevod prijevar:prevar prijet:pret prijek:prek ' +
  'prijest:prest prijed:pred lijen:len blijed:bled bljed:bled crijev:crev drijev:drev umijec:umec srijed:sred krijep:krep ' +
  'covjek:covek covjec:covec kljest:klest ozlijed:ozled ozljed:ozled zdrijel:zdrel bljes:bles uspje:uspe ' +
  'uspijev:uspev dospje:dospe dospijev:dospev razumije:razume razumje:razume strijep:strep zlijezd:zlezd tijek:tek prijekor:prekor ' +
  'nedjelj:nedelj susjed:sused predsjed:predsed zahtjev:zahtev zahtijev:zahtev umjet:umet mijet:met sprijec:sprec sprjec:sprec ' +
  'medvjed:medved vijesn:vesn nijet:net nijel:nel bjec:bec snabdijev:snabdev plijen:plen rijed:red svjez:svez'

/** Whole words, where the beginning alone would take others along: prijem, objekt, dosije. */
const WORDS =
  'prije:pre poslije:posle gdje:gde negdje:negde nigdje:nigde igdje:igde svugdje:svugde ovdje:ovde ondje:onde ' +
  'uvijek:uvek zauvijek:zauvek dvije:dve obje:obe objema:obema dvjema:dvema dio:deo htio:hteo volio:voleo vidio:video zivio:ziveo ' +
  'zelio:zeleo razumio:razumeo trpio:trpeo smio:smeo predio:predeo udio:udeo lijepo:lepo dvjesta:dvesta dvjesto:dvesto ' +
  'naprijed:napred unaprijed:unapred'

const PREFIXES =
  'ne|na|naj|nad|od|ot|o|ob|u|s|sa|z|za|do|pod|po|pot|pre|pri|pro|iz|is|i|raz|ras|ra|oba|bez|zlo|sve|su|pred|medju|polu'

const words = tableOf(WORDS)
const roots = tableOf(ROOTS)
/** Names come first, and stay as they are. */
const ROOT = new RegExp(
  `^((?:${PREFIXES}){0,2}?)(prijedor|bijeljin|podrijet|${[...roots.keys()].sort((one, other) => other.length - one.length).join('|')})`,
)
/** Verbs in -jeti: vidjeti, zivjela. After l and n the j belongs to the letter before. */
const VERB = /^(\p{L}*[bcdfgkmprstvz])je(ti|la|li|lo|le|vsi|smo|ste)$/u

function tableOf(pairs: string): Map<string, string> {
  return new Map(pairs.split(' ').map(pair => pair.split(':') as [string, string]))
}

/** @param word folded. */
export function ekavian(word: string): string {
  if (!word.includes('j') && !word.endsWith('io')) return word
  const whole = words.get(word)
  if (whole !== undefined) return whole
  const turned = word.replace(ROOT, (_, before: string, root: string) => before + (roots.get(root) ?? root))
  return turned.replace(VERB, '$1e$2')
}
