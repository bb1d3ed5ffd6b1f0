/** Tells single-byte encodings apart by the letter pairs that their decoding gives, language by language. */

export const CANDIDATES = [
  'windows-1250',
  'windows-1252',
  'windows-1251',
  'iso-8859-2',
  'iso-8859-5',
] as const
export type Candidate = (typeof CANDIDATES)[number]

/**
 * Text to count letter pairs in, of our own writing. It need not be long: pairs that never occurred are judged by how
 * common their letters are.
 */
const SAMPLES: Readonly<Record<Language, string>> = {
  southSlavicLatin: `Građani su jučer čekali u dugačkom redu ispred općine, a načelnik je obećao da će škola biti
    završena prije početka zime. Šumski požar ugašen je tek u četvrtak uveče, rekao je šef službe zaštite. Ministarka
    je istakla da će se cijene grijanja povećati sljedeće godine, iako je vlada ranije tvrdila drugačije. Đaci i
    učenici iz više opština posetili su juče izložbu o životu u planini. Žetva će početi čim prođu kiše, kažu
    seljaci. Sveučilište je objavilo natječaj, što će omogućiti zapošljavanje mladih stručnjaka. Košarkaši su
    pobedili u poslednjoj sekundi, a navijači su slavili do kasno u noć. Predsjednik skupštine naglasio je da
    rješenje neće doći samo od sebe. Između dvije kuće raste žuti đurđevak, a niže niz cestu teče plašljiva rječica.
    Danas će biti oblačno s mogućom slabom kišom, ponegdje i susnježicom. Nećemo čekati da se nešto desi, poručuju
    mještani sela kraj Šapca, Čapljine, Žepča, Đakova i Pljevalja. Kovačević, Đurić, Šarić, Hadžić i Marušić igrali
    su odlično, dok je Špiro Žunić pauzirao. Američki i njemački stručnjaci dogovorili su tehničku pomoć. Električar
    je popravio kuhinjski uređaj, a automehaničar kočnice. Kafići i kućice na tržnici puštaju glazbu do ponoći.
    Menadžment preduzeća najavljuje džez večer. Pušteni su iz pritvora, saopštilo je tužilaštvo. Traže smještaj,
    plaće kasne, a troškovi života rastu. Španija, Švedska, Švajcarska i Češka šalju vozače. Najveća šteta je u voćnjacima.
    Kuća puna cvijeća, ručak i večera uključeni. Noćas se očekuju jaći vjetrovi, upozorava služba za vodostaj. Međunarodni sajam knjiga otvara vrata u sredu.
    Občina je včeraj sporočila, da bo cesta zaprta še tri dni. Župan je dejal, da češnje letos že zorijo in da bodo
    delavci končali prej, če bo vreme lepše. Učiteljica nas je prosila, naj počakamo pri vhodu v šolo. Možje so šli čez hrib.`,
  albanian: `Qytetarët prisnin në radhë përpara bashkisë, ndërsa kryetari premtoi se shkolla do të përfundojë para
    dimrit. Zjarri në pyll u shua të enjten në mbrëmje, tha shefi i shërbimit të shpëtimit. Ministrja theksoi se
    çmimet do të rriten vitin që vjen, edhe pse qeveria më parë kishte thënë tjetër gjë. Nxënësit vizituan ekspozitën
    për jetën në mal. Çdo ditë vijnë më shumë njerëz, thonë banorët. Universiteti shpalli konkursin që u jep vende pune
    të rinjve. Është një ditë e bukur dhe fëmijët luajnë përjashta. Çështja nuk është zgjidhur ende, por palët kanë
    rënë dakord të vazhdojnë bisedimet. Këtë vit shiu ka qenë i rrallë, prandaj bujqit çojnë ujë nga përroi.`,
  western: `café crème brûlée déjà élève où là très après père mère frère première à être même fenêtre forêt hôtel
    français façade garçon noël naïve coïncidence août goût sûr général président sécurité économie réunion société
    für über schön können müssen größe straße bühne präsident österreich zürich köln münchen völker ähnlich grün
    señor mañana niño español también más está después país político corazón jesús josé garcía peña muñoz
    perché città più così è già però università libertà società può là né são não coração informação joão
    år på får då själv också för blåbær smørrebrød københavn tromsø märz malmö göteborg résumé cliché fiancée naïveté`,
  cyrillic: `Грађани су јуче чекали у дугачком реду испред општине, а начелник је обећао да ће школа бити завршена пре
    почетка зиме. Шумски пожар угашен је тек у четвртак увече, рекао је шеф службе заштите. Министарка је истакла да ће
    се цене грејања повећати следеће године, иако је влада раније тврдила другачије. Ђаци и ученици из више општина
    посетили су изложбу о животу у планини. Жетва ће почети чим прођу кише, кажу сељаци. Између двије куће расте жути
    цвијет, а ниже низ цесту тече плашљива рјечица. Кошаркаши су победили у последњој секунди. Њихова књига и џеп.
    Граѓаните вчера чекаа во долг ред пред општината, а градоначалникот вети дека училиштето ќе биде готово пред
    зимата. Пожарот во шумата е изгаснат дури во четврток вечерта, рече раководителот на службата. Министерката истакна
    дека цените ќе се зголемат следната година. Учениците ја посетија изложбата за животот на планина. Ѕвездите светат
    над ѕидот, а луѓето од селото велат дека ќе чекаат уште еден ден. Новиот учебник ќе им помогне на сите ученици.
    Граждане ждали перед зданием, где проходит новая выставка, и это объявление всех удивило ещё утром. Щъркелът е
    птица, която живее и в нашата страна, съобщиха от общината.`,
}

type Language = 'southSlavicLatin' | 'albanian' | 'western' | 'cyrillic'

/** What a text in the encoding may be written in. */
const LANGUAGES_OF: Readonly<Record<Candidate, readonly Language[]>> = {
  'windows-1250': ['southSlavicLatin', 'albanian'],
  'windows-1252': ['western', 'albanian'],
  'windows-1251': ['cyrillic'],
  'iso-8859-2': ['southSlavicLatin', 'albanian'],
  'iso-8859-5': ['cyrillic'],
}

/** Words looked at; more would not change the answer. */
const MAX_WORDS = 2_000

export interface Standing {
  readonly charset: Candidate
  /** Logarithm of the likelihood, summed over all pairs. */
  readonly score: number
  /** The same for one pair: around -2 for real words, below -7 for noise. */
  readonly perPair: number
}

/** All candidates, likeliest first; none when the bytes hold no letter that could tell. */
export function standings(bytes: Uint8Array): readonly Standing[] {
  const words = tellingWords(bytes)
  if (words.length === 0) return []
  return CANDIDATES.map(charset => standing(charset, new TextDecoder(charset).decode(words))).sort(
    (a, b) => b.score - a.score,
  )
}

/** The words that hold a byte beyond ASCII, with one space between them. ASCII words read alike everywhere. */
function tellingWords(bytes: Uint8Array): Uint8Array {
  const words: Uint8Array[] = []
  let start = -1
  let tells = false
  for (let i = 0; i <= bytes.length && words.length < MAX_WORDS * 2; i++) {
    const byte = bytes[i] ?? 0x20
    if (byte >= 0x80 || isAsciiLetter(byte)) {
      if (start < 0) start = i
      tells ||= byte >= 0x80
    } else if (start >= 0) {
      if (tells) words.push(bytes.subarray(start, i), SPACE)
      start = -1
      tells = false
    }
  }
  return Buffer.concat(words)
}

const SPACE = Uint8Array.of(0x20)

function isAsciiLetter(byte: number): boolean {
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

function standing(charset: Candidate, text: string): Standing {
  const scores = LANGUAGES_OF[charset].map(
    language => scoreOf(text, MODELS[language]) + (language === 'western' ? WESTERN_PRIOR : 0),
  )
  const score = Math.max(...scores)
  return { charset, score, perPair: score / (text.length + 1) }
}

// Cost of a character that is no letter, as a logarithm: what news is full of, what never touches a letter in it, what
// no text holds.
const PUNCTUATION = -3
const SYMBOL_IN_WORD = -10
const CONTROL = -20

const TYPOGRAPHIC = new Set('„“”‚‘’«»‹›–—…•·\u00A0')
/** News of the region is seldom written in the west's languages. */
const WESTERN_PRIOR = -5

function scoreOf(text: string, model: Model): number {
  let score = 0
  let before = ' '
  // Single-byte encodings know no character of two units.
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!.toLowerCase()
    if (char === ' ' || isLetter(char)) {
      if (before + char !== '  ') score += model.logOdds(before, char)
      before = char
    } else {
      score += symbolCost(char, isLetter(before) || isLetter(text[i + 1] ?? ' '))
      before = ' '
    }
  }
  return score
}

function symbolCost(char: string, touchesLetter: boolean): number {
  const code = char.charCodeAt(0)
  if ((code >= 0x80 && code <= 0x9f) || code === 0xfffd) return CONTROL
  return touchesLetter && !TYPOGRAPHIC.has(char) ? SYMBOL_IN_WORD : PUNCTUATION
}

function isLetter(char: string): boolean {
  return /\p{L}/u.test(char)
}

interface Model {
  /** Logarithm of the likelihood that the letter follows. */
  logOdds(before: string, letter: string): number
}

/** Weight of what a letter is worth on its own, against the pairs that were counted. */
const BACKOFF = 3
const UNKNOWN_LETTER = 1e-5

function modelOf(sample: string): Model {
  const pairs = new Map<string, number>()
  const letters = new Map<string, number>()
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1)
  let before = ' '
  for (const char of sample.toLowerCase().replace(/[^\p{L}]+/gu, ' ')) {
    count(pairs, before + char)
    count(letters, char)
    before = char
  }
  const total = sample.length
  return {
    logOdds(before, letter) {
      const alone = (letters.get(letter) ?? 0) / total || UNKNOWN_LETTER
      return Math.log(
        ((pairs.get(before + letter) ?? 0) + BACKOFF * alone) / ((letters.get(before) ?? 0) + BACKOFF),
      )
    },
  }
}

const MODELS = Object.fromEntries(
  Object.entries(SAMPLES).map(([language, sample]) => [language, modelOf(sample)]),
) as Readonly<Record<Language, Model>>
