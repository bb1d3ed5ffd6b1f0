/** Bosnian, Croatian, Montenegrin and Serbian: one grammar for both scripts, and the words by which the four differ. */
import type { Markers, Pack } from '../../pack.ts'

export const hbsPack: Pack = {
  code: 'hbs',
  languages: ['hbs', 'bs', 'hr', 'sr', 'cnr'],
  inflections: {
    // Masculine nouns, plurals in -ov- included: četnik~m, Hrvat~m.
    m: [
      '',
      'a',
      'u',
      'e',
      'om',
      'em',
      'i',
      'ima',
      'ov',
      'ova',
      'ovi',
      'ove',
      'ovima',
      'ev',
      'eva',
      'evi',
      'eve',
      'evima',
    ],
    // Feminine nouns: stok~f, gamad stands as a word.
    f: ['a', 'e', 'i', 'o', 'u', 'om', 'ama', 'ima'],
    // Feminine nouns in a consonant: gamad~i, kćer~i.
    i: ['', 'i', 'u', 'ju', 'ma', 'ima'],
    // Neuter nouns: đubr~n, čudovišt~n.
    n: ['', 'o', 'e', 'a', 'u', 'om', 'em', 'ima', 'i'],
    // Adjectives and passive participles: četničk~adj, izmišljen~adj.
    adj: ['', 'i', 'a', 'o', 'e', 'u', 'og', 'oga', 'om', 'ome', 'omu', 'oj', 'im', 'ima', 'ih'],
    // Past participle of verbs: postoja~past, lag~past does not need it.
    past: ['o', 'la', 'lo', 'li', 'le'],
    // Names of persons in all cases: Mladić~name, Šešelj~name; possessives too.
    name: [
      '',
      'a',
      'u',
      'e',
      'em',
      'om',
      'i',
      'ima',
      'ev',
      'eva',
      'eve',
      'evo',
      'evu',
      'evi',
      'evom',
      'ov',
      'ova',
      'ove',
      'ovo',
      'ovu',
      'ovi',
      'ovom',
      'ovih',
      'evih',
    ],
  },
  abbreviations:
    'tzv takozv tj npr dr mr prof gen general itd br str god sv o ul st st tz ing dipl adv kap puk mil mlrd cca čl st sl i ii iii'.split(
      ' ',
    ),
  joined: [
    ['t', 'zv', 'tzv'],
    ['tzv', 'n', 'tzv'],
    ['o', 'g', 'og'],
  ],
  negators: 'ne/nije/nisu/nisam/nismo/nijesu/nijesam/nema/nikad/nikada/niti/ni/bez/nemoj/nemojte/neće',
  copulas: 'su/je/jesu/jeste/ste/smo/si/sam/bili/bile/bio/bila/postali/ostali/ostaju/biće',
  comparisons: 'kao/poput/ko/nalik',
  clauseBreaks:
    'ali/dok/jer/koji/koja/koje/kojih/kojima/kojeg/kojoj/koju/čiji/čija/nego/iako/mada/kada/kad/ako/gdje/gde/pa/a/te/da',
  thatWords: 'da/kako/što',
  prepositions:
    'u/na/kod/iz/za/sa/s/protiv/zbog/nakon/poslije/posle/prije/pre/od/do/o/pri/kroz/preko/tokom/tijekom',
  speech: [
    'rekao/rekla/rekli/reče/kazao/kazala/kazali/kaže/kažu/govori/govorio/govorila/govore/izjavi*/navodi*/naveo/navela/naveli/istakao/istakla/istaknuo/istaknula/istiće/ističe/poruči*/poručuje/naglasi*/naglašava/dodao/dodala/dodaje/tvrdi*/tvrde/ustvrdi*/ustvrđuje/smatra*/misli/ocijeni*/oceni*/ocjenjuje/ocenjuje/napisa*/objavi*/saopšti*/saopći*/priopći*/upozori*/upozorava/podsjeti*/podseti*/podsjeća/najavi*/prenosi*/piše/citira*/zaključi*/konstatova*/konstatira*/odgovori*/uzvratio/uzvratila/poručio/skandira*/uzvikiva*/uzvikuj*/viču/vikao/vikali/pjeva*/peva*/natpis*/grafit*/parol*/transparent*',
    'prema ~1 riječima/rečima/navodima/tvrdnjama',
    'po ~1 riječima/rečima/navodima',
    'izjav*/tvrdnj*/tez*/tvit*/objav*/poruk* ~8 da/kako',
  ],
  opinionSections: ['kolumn', 'komentar', 'stav', 'mišljenj', 'blog', 'uvodnik', 'pogled', 'opinion'],
}

/** Frequent words of the family; those shared with Macedonian or Slovene count for them too. */
export const hbsMarkers: Markers = {
  language: 'hbs',
  words:
    'je/su/u/i/na/da/se/za/od/sa/iz/do/o/s/ne/nije/nisu/koji/koja/koje/kojih/kojima/kojoj/će/bi/bio/bila/bilo/biti/ili/već/kao/ali/kako/što/šta/to/ovo/ova/ovaj/ove/ovom/ovog/tog/toga/taj/te/nakon/zbog/samo/još/jos/uz/nego/po/pri/kod/gdje/gde/ima/nema/sam/smo/ste/jer/kada/kad/sve/svi/svih/njegov/njegova/njih/on/ona/oni/iako/ipak/također/takođe/rekao/kazao/kaže/godine/godina/dana/danas/prema/protiv/između/bez/više/pa/a/li/međutim/tokom/tijekom/narod/narodu/naroda/narodom',
}

const EASTERN =
  'ko/neko/niko/svako/hiljad*/evrop*/saopštenj*/uslov*/uslovi/januar*/februar*/mart/marta/martu/april*/maj/maja/maju/jun/juna/junu/jul/jula/julu/avgust*/septembar/septembr*/oktobar/oktobr*/novembar/novembr*/decembar/decembr*/fudbal*/uhapšen*/uhapsi*/šta/sprovod*/sprovest*/hleb*/voz/voza/vozu/pozorišt*/avion*/fabrik*/porodic*/penzij*/privred*/tačn*/učestv*/takođe/bezb*/opšt*/opštin*/saopšti*/vanred*/saobraćaj*'
const IJEKAVIAN =
  'gdje/uvijek/svijet*/mjest*/vrijem*/djec*/riječ*/prije/poslije/ovdje/cijel*/čovjek*/vijest*/djevojk*/mlijek*/lijep*/htio/vidio/dvije/obje/predsjedni*/predsjedav*/sjednic*/sjever*/istočnosarajevsk*/vjer*/mjesec*/mjer*/smjer*/rješ*/riješ*/dio/dijel*/djel*/vrijed*/promjen*/zahtjev*/posjet*/sjeć*/podsje*/sljed*/naslijed*/nedjelj*/ponedjelj*/povjer*/izvještaj*/izvješ*/pobjed*/bijel*/tijel*/tijek*/uspje*/namjer*/primjer*/zamjen*/procjen*/ocjen*/cijen*/snijeg*/lijek*/liječ*/ljekar*/vjetar/vjetr*/zvijezd*/osjeć*/ćel*/žel*/živjel*/vidje*/htjel*/trebalo'

/** Each word votes for the varieties it is written in. */
export const hbsVarieties: readonly Markers[] = [
  {
    language: 'hr',
    words: `${IJEKAVIAN}/tko/netko/nitko/svatko/tjed*/tisuć*/siječnj*/veljač*/ožujk*/ožujak/travnj*/travanj/svibnj*/svibanj/lipnj*/lipanj/srpnj*/srpanj/kolovoz*/rujn*/rujan/listopad*/studenog*/studenom/prosinc*/prosinac/izvješć*/priopć*/glede/uvjet*/sudjel*/zrakoplov*/vlak/vlaka/vlakom/vlakov*/kazališt*/tvrtk*/županij*/gospodarst*/gospodarsk*/ravnatelj*/povijest*/sustav*/pravomoćn*/glasnogovorni*/sveučilišt*/proračun*/nazočn*/dužnosni*/uhićen*/uhiti*/europ*/tijekom/natječaj*/obitelj*/redovit*/točn*/kolodvor*/veleposlan*/čimbeni*/nogomet*/mirovin*/prometn*/općin*/također/skupin*/opljačk*/unatoč/ravnopravn*/ministric*/zaklad*/tvornic*/stožer*/otok*/kruh*/liječni*/prigod*/izbornik*/uporab*/osob*/pozornost*/vjerojatno/izravn*/postroj*/domovinsk*/hdz*/plenkov*/sabor*`,
  },
  {
    language: 'bs',
    words: `${IJEKAVIAN}/${EASTERN}/općin*/saopć*/sedmic*/također/lahk*/mehk*/kahv*/historij*/kanton*/entitet*/uposlen*/uposleni*/općenit*/dženaz*/šehid*/sahat*/hefta/nogomet*/federacij*/fbih/kakvoć*/avgust*/august*/juli/juni/obzirom/sudstv*/bih/sipa/oružan*`,
  },
  {
    language: 'sr',
    words: `${EASTERN}/gde/uvek/svet/sveta/svetu/svetsk*/mest*/vrem*/dec*/reč/reči/rečima/pre/posle/ovde/cel*/čovek*/vest/vesti/devojk*/mlek*/lep/lepa/lepo/hteo/video/dve/obe/predsedni*/sednic*/sever*/ver*/mesec*/mer*/smer*/reš*/deo/dela/delu/vred*/promen*/zahtev*/poset*/seća*/podseti*/sledeć*/nedelj*/ponedelj*/pover*/izvešt*/pobed*/bel/beli/bela/belog/tel*/uspe*/namer*/primer*/zamen*/procen*/ocen*/cen*/sneg*/lek/leka/lekar*/leče*/vetar/zvezd*/oseć*/želeo/želela/bezbedn*/obezbed*/srećn*/sredinom/stepen*/vučić*/odsto/nedelje/nedelju/razmer*/ponovo/izmedju`,
  },
  {
    language: 'cnr',
    words: `${IJEKAVIAN}/${EASTERN}/nijesam/nijesi/nijesmo/nijeste/nijesu/đe/nigđe/negđe/śutra/śed*/śever*/iśekl*/śekir*/đevojk*/đed/đeda/ćeram/ćerat*/poćera*/izije*/prośek*/sjutra/podgori*/cetinj*/nikši*/crnogorsk*/crnogorc*/skupštin*`,
  },
]
