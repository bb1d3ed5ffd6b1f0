/** Articles as plain as most news: ordinary sentences, and now and then one of a court, a group or an anniversary. */
import { dice } from './invented-articles.ts'

const ORDINARY = [
  'Vijeće je na sjednici usvojilo proračun za iduću godinu.',
  'Radovi na mostu trebali bi završiti do kraja kolovoza, kažu u poduzeću.',
  'Vozačima se savjetuje da koriste obilazni pravac preko naselja.',
  'Utakmica je završila bez pogodaka, a publika je bila zadovoljna igrom domaćih.',
  'Cijene kruha i mlijeka porasle su u odnosu na prošli mjesec.',
  'Sutra se očekuje pretežno sunčano vrijeme uz slab sjeverni vjetar.',
  'Djeca iz osnovne škole posadila su pedeset stabala u gradskom parku.',
  'Ministarstvo najavljuje nove subvencije za poljoprivrednike.',
  'Pjevačica je na koncertu otpjevala sve poznate pjesme s novog albuma.',
  'Vatrogasci su za dva sata ugasili požar na starom skladištu.',
  'Direktor bolnice kaže da nova oprema stiže u rujnu.',
  'U pretresu su policajci našli veću količinu krivotvorenog novca.',
  'Stanari traže da se popravi lift koji ne radi već tri tjedna.',
  'Knjižnica produžuje radno vrijeme tijekom ispitnih rokova.',
  'Predsjednik općine razgovarao je s veleposlanikom o suradnji gospodarstvenika.',
  'Gosti su poveli u osmoj minuti, a izjednačeno je pred kraj prvog dijela.',
  'Na natječaj se javilo dvadeset i osam izvođača iz pet zemalja.',
  'Banka je objavila da smanjuje kamate na stambene kredite.',
  'Kiša je poplavila nekoliko podruma u donjem dijelu grada.',
  'Film će biti prikazan u petak u osam sati navečer.',
  'Sindikat prijeti štrajkom ako plaće ne budu isplaćene do petka.',
  'Na cesti prema moru kolona je duga šest kilometara.',
  'Učenici su na državnom natjecanju osvojili dvije medalje iz fizike.',
  'Zaklada je bolnici darovala uređaj za snimanje srca.',
  'Vlasnik restorana kaže da gostiju ima više nego lani.',
]
const NEARLY = [
  'Sud je odgodio ročište u predmetu za ratni zločin jer svjedok nije došao.',
  'Udruge Srba i Hrvata zajedno su uredile groblje u selu.',
  'Na godišnjicu stradanja u Srebrenici položeno je cvijeće.',
  'Povjesničar je predstavio knjigu o stradanju Roma u logorima.',
]
const NEARLY_EVERY = 60
const SENTENCES = 24

export function newsLike(count: number): string[] {
  const next = dice(11)
  let written = 0
  const sentence = (): string => {
    written += 1
    const from = written % NEARLY_EVERY === 0 ? NEARLY : ORDINARY
    return from[Math.floor(next() * from.length)]!
  }
  return Array.from({ length: count }, () => Array.from({ length: SENTENCES }, sentence).join(' '))
}
