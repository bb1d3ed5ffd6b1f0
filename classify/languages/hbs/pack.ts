/** Bosnian, Croatian, Montenegrin and Serbian: one grammar for both scripts, and the words by which the four differ. */
import type { Pack, VarietyMarkers } from '../../pack.ts'
import { PEOPLES } from './peoples.ts'
import { ekavian } from './ekavian.ts'

export const hbsPack: Pack = {
  code: 'hbs',
  languages: ['hbs', 'bs', 'hr', 'sr', 'cnr'],
  encoderForm: (_, folded) => ekavian(folded),
  peoples: PEOPLES,
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
    'tzv takozv tj npr dr mr prof gen general itd br str god sv o ul st st tz ing dipl adv kap puk mil mlrd cca čl st sl i ii iii gđa gđica gosp mag akad ef rahm vl prim mons msgr adv odv por'.split(
      ' ',
    ),
  joined: [
    ['t', 'zv', 'tzv'],
    ['tzv', 'n', 'tzv'],
    ['o', 'g', 'og'],
  ],
  negators: 'ne/nije/nisu/nisam/nismo/nijesu/nijesam/nema/nikad/nikada/niti/ni/bez/nemoj/nemojte/neće',
  copulas: 'su/je/jesu/jeste/ste/smo/si/sam/bili/bile/bio/bila/postali/ostali/ostaju/biće',
  // Stock and cattle are many in the singular.
  oneThing: /^\S+(?:a|u|oj|om) (?!stok|marv|zivin)\S+(?:a|u|i|om)$|^\S+i (?!nakot|skot|cop)\S*[^aeiou]$/,
  pronouns: 'oni/njih/njima/ti/ovi/takvi',
  comparisons: 'kao/poput/ko/nalik',
  clauseBreaks:
    'ali/dok/jer/koji/koja/koje/kojih/kojima/kojeg/kojoj/koju/čiji/čija/nego/iako/mada/kada/kad/ako/gdje/gde/pa/a/te/da',
  contrasts: 'ali/nego/već/međutim/no/a',
  notOnly: ['ne/nije/nisu/nijesu samo'],
  refutations: [
    'nije/nisu ~2 istina/tačno/točno/istinito/moguće/ispravno ~2 da/kako',
    'netačno/netočno/neistina/neistinito/laž/pogrešno/besmisleno/apsurdno/besmislica/glupost/nemoguće/nedopustivo/neprihvatljivo ~3 da/kako',
    'niko/nitko/nikome/nikom ~5 reći/kazati/tvrditi/govoriti/kaže/tvrdi/govori ~2 da/kako',
    'ne/nemoj/nemojte ~1 može/mogu/možemo/možete/smije/sme/smiju/smeju/smijemo/smemo/treba ~3 reći/kazati/tvrditi/govoriti/tvrdi/kaže ~2 da/kako',
    'ne ~2 slažem/slaže/slažemo/slažu/prihvatam/prihvaćam/prihvata/prihvaća/prihvatamo/prihvaćamo/mislim/kažem/tvrdim/tvrdimo ~4 da/kako',
    'nije/nisam/nisu/nismo/nijesam ~1 rekao/rekla/rekli/kazao/kazala/kazali/tvrdio/tvrdila/tvrdili/mislio/mislila ~1 da/kako',
    'ko/tko/koji/svako/svatko/onaj/oni ~3 kaže/kažu/tvrdi/tvrde/govori/govore da/kako ~12 laže/lažu/griješi/griješe/greši/greše/obmanjuje/obmanjuju/vrijeđa/vrijeđaju/vređa/vređaju',
  ],
  refutedAfter: ['što ~1 nije ~1 istina/tačno/točno'],
  genocideWords: 'genocid*',
  thatWords: 'da/kako/što',
  aboutWords: 'o/za',
  prepositions:
    'u/na/kod/iz/za/sa/s/protiv/zbog/nakon/poslije/posle/prije/pre/od/do/o/pri/kroz/preko/tokom/tijekom',
  speech: [
    'rekao/rekla/rekli/reče/rečeno/kazano/poručeno/istaknuto/navedeno/saopšteno/saopćeno/priopćeno/kazao/kazala/kazali/kaže/kažu/govori/govorio/govorila/govore/izjavi*/navodi*/naveo/navela/naveli/istakao/istakla/istaknuo/istaknula/istiće/ističe/poruči*/poručuje/naglasi*/naglašava/dodao/dodala/dodaje/tvrdi*/tvrde/ustvrdi*/ustvrđuje/smatra*/misli/ocijeni*/oceni*/ocjenjuje/ocenjuje/napisa*/objavi*/saopšti*/saopći*/priopći*/upozori*/upozorava/podsjeti*/podseti*/podsjeća/najavi*/prenosi*/piše/citira*/zaključi*/konstatova*/konstatira*/odgovori*/uzvratio/uzvratila/poručio/skandira*/uzvikiva*/uzvikuj*/viču/vikao/vikali/pjeva*/peva*/natpis*/grafit*/parol*/transparent*',
    'prema ~1 riječima/rečima/navodima/tvrdnjama',
    'po ~1 riječima/rečima/navodima',
    'izjav*/tvrdnj*/tez*/tvit*/objav*/poruk* ~8 da/kako',
  ],
  titles:
    'predsjednik*/predsednik*/predsjednic*/predsednic*/predsjedavajuć*/predsedavajuć*/ministar/ministr*/ministric*/premijer*/kancelar*/poslanik*/poslanic*/zastupnik*/zastupnic*/gradonačelnik*/gradonačelnic*/načelnik*/načelnic*/general*/pukovnik*/vojvod*/patrijarh*/vladik*/episkop*/biskup*/nadbiskup*/reis/muftij*/imam/efendij*/fra/don/otac/direktor*/direktoric*/ravnatelj*/ravnateljic*/glasnogovornik*/glasnogovornic*/portparol*/tužilac/tužitelj*/sudij*/sudac/profesor*/profesoric*/akademik*/istoričar*/historičar*/povjesničar*/analitičar*/književnik*/novinar*/novinark*/urednik*/urednic*/kolumnist*/pjevač*/pevač*/glumac/trener*/kapiten*/kapetan*/lider*/liderk*/vođa/čelnik*/čelnic*/šef/šefic*/član/članic*/delegat*/senator*/savjetnik*/savetnik*/ambasador*/veleposlanik*/dr/mr/prof/gospodin*/gospođ*/svjedok*/svedok*/advokat*/odvjetnik*',
  notSpeakers:
    'bosn~f/hercegovin~f/hrvatsk~adj/srbij~f/srpsk~adj/crn~adj/gor~f/makedonij~f/kosov~n/kosovo/metohij~f/sloven*/albanij~f/republik~f/federacij~f/evrop~f/europ~f/balkan~m/beograd~m/zagreb~m/sarajev~n/skoplj~n/podgoric~f/prištin~f/ljubljan~f/tiran~f/banj~adj/luk~f/mostar~m/tuzl~f/zenic~f/bihać~m/brčk~n/brčko/doboj~m/trebinj~n/split~m/rijek~f/rijeci/osijek~m/zadar/zadr~m/šibenik~m/knin~m/sisak/sisk~m/trilj~m/sinj~m/vukovar~m/niš~m/nov~adj/sad~m/novom/novog/kragujev*/subotic~f/pazar~m/cetinj~n/nikšić~m/budv~f/kotor~m/hag~m/haag~m/bec~m/beč~m/berlin~m/brisel~m/bruxelles/bruxell~m/moskv~f/vašington~m/washington~m/london~m/rim~m/brdo/brijun~m/brion*/potočar*/srebrenic~f/jasenov*/bleiburg~m/dunav~m/drin~f/sav~f/poljud~m/maksimir~m/koševo/marakan~f/hajduk~m/dinam~n/dinamo/zvezd~f/partizan~m/torcid~f/delij*/bbb/željezničar*/united*/city/real/fk/nk/hnk/kk/rk/liga/lig~f/kup/kupa/video/foto/uživo/ekskluzivno/šok/skandal/hitno/novo/vijesti/vesti/januar*/februar*/mart/marta/april*/maj/maja/jun/juna/jul/jula/avgust*/august*/septembr*/oktobr*/novembr*/decembr*/dan/dana/danas/bog/boga/allah*/hrist*/isus*/twitter*/facebook*/tviter*/fejsbuk*/instagram*/youtube*/un/eu/nato/unesco',
  oblique:
    /(?:u|om|em|ima|ov(?:e|a|u|og|om|im|ih|oj)|ev(?:e|a|u|og|om|im|ih|oj)|in(?:e|u|og|om|im|ih|oj)|(?:ić|ski|čki|ović|ević)a|skog|čkog)$|(?:(?:у|ом|ем|има|ов(?:е|а|у|ог|ом|им|их|ој)|ев(?:е|а|у|ог|ом|им|их|ој)|ића|ског|чког))$/u,
  firstPerson: [
    'mislim/smatram/vjerujem/verujem/tvrdim/priznajem/sjećam/sećam/pitam/znam/vidim',
    'ja sam',
    'po mom mišljenju',
    'uvjeren/uveren/uvjerena/uverena sam',
  ],
  opinionSections:
    'kolumn komentar stav stavov misljenj blog uvodnik pogled opinion autorsk licni osobni'.split(' '),
  letterSections: [
    'pisma cita',
    'pismo cita',
    'pisma urednik',
    'pismo urednik',
    'reagiranj',
    'reagovanj',
    'vasa pisma',
    'citaoci pisu',
    'citatelji pisu',
  ],
  literalSections: [
    'sport',
    'agro',
    'poljo',
    'kultur',
    'film',
    'magazin',
    'zabav',
    'zdrav',
    'tehno',
    'auto ',
    'automo',
    'nogomet',
    'fudbal',
    'kosark',
  ],
}

/**
 * Words and letters that are Montenegrin only, in lower-case Latin with diacritics: folded, đevojka would be djevojka.
 */
export const MONTENEGRIN = {
  pattern:
    /[śź]|^(?:nijes(?:am|i|mo|te|u)|(?:nig|neg|ov|on|ot)?đe|sjutra\p{L}*|đe(?:voj|ca|ce|ci|cu|com|tinj)\p{L}*|đed(?:a|ov\p{L}*)?|(?:po|is|pro)?ćera(?:m|t|ti|o|la|li|j)|šćera\p{L}*|izije\p{L}*|viđeće|(?:vi|sti|šti)đe(?:o|la|li|ti)?|lećeti|leće(?:o|la|li)|poslije?śed\p{L}*)$/u,
  /** No word without one of these can be one of them. */
  suspects: ['ś', 'ź', 'đe', 'će'],
  /** One of them is nearly proof. */
  weight: 6,
}

/**
 * Words by which the four varieties show themselves, folded before they are compared. Stems are long enough to hold
 * no other word: `cen*` for the ekavian price would also be every centre.
 */
export const hbsVarieties: readonly VarietyMarkers[] = [
  {
    speaksFor: ['sr'],
    weight: 1.2,
    words:
      'gde/negde/nigde/uvek/svet/sveta/svetu/svetom/svetsk*/mesto/mesta/mestu/mestom/vreme/vremena/vremenu/vremenom/deca/dece/decu/decom/dečak*/reč/rečju/rečima/reče/pre/posle/ovde/onde/cela/celo/celi/cele/celog/celoj/celu/čovek/čoveka/čoveku/čovekom/čoveče*/vest/vesti/vestima/devojk*/devojč*/mleko/mleka/mlečn*/lep/lepa/lepo/lepi/lepe/lepu/hteo/htela/hteli/voleo/volela/voleli/želeo/želela/želeli/videla/videli/videti/živeo/živela/živeli/razumeo/razumela/razumeli/trpeo/trpela/dve/obe/dvema/predsednik*/predsednic*/predsednič*/predsedavaj*/sednic*/sever/severa/severu/severn*/severno*/vera/vere/veru/veri/verom/veruje/veruju/verujem/verovat*/vernik*/verski/verske/verskog/mesec/meseca/mesecu/meseci/mesecima/mesečn*/mera/mere/meri/meru/merama/smer/smera/smeru/rešenj*/rešava*/rešiti/rešen*/rešio/rešila/rešili/deo/dela/delu/delom/delovi/delova/delove/delimičn*/vredn*/vrede/vredi/promena/promene/promeni/promenu/promenama/zahtev/zahteva/zahtevi/zahteve/zahtevaj*/zahtevao/zahtevali/poseta/posete/posetu/posetio/posetila/seća/sećam/sećanj*/setio/podseća*/podsetio/podsetila/podseti/sledi/sledeć*/nedelj*/ponedelj*/poverenj*/poveren*/izveštaj*/obavešt*/obaveštaj*/pobed*/belo/bela/beli/bele/belog/beloj/telo/tela/telu/telom/uspeh*/uspeo/uspela/uspeli/uspešn*/namera/namere/nameru/namerava*/namern*/primer/primera/primeru/primeri/zamena/zamene/zamenu/zamenik*/procena/procene/procenu/procenjuj*/procenio/ocena/ocene/ocenu/ocenio/ocenila/ocenjuj*/cena/cene/cenu/cenama/ceniti/sneg/snega/snegu/lek/leka/lekovi/lekova/lekove/lekar*/lečenj*/leči/leče/zvezda/zvezde/zvezdu/zvezdi/zvezdaš*/osećaj*/oseća/osećam/bezbedn*/obezbed*/srećn*/nesreć*/stepen/stepena/stepeni/sprečen*/sprečava*/sprečiti/zauvek/čoveč*/levo/levic*/levičar*/desete*/hleb/hleba/breg/brega/bregu/vek/veka/veku/vekova/rečnik*/beleg/beleži/beležen*/zabeležen*/obeležen*/obeležava*/obeležj*/unapred/ponedeljak/greh/greha/gresi/pesm*/pesnik*/pevač*/peva/pevao/pevali/pevanj*/smeh/smeha/smejal*/vetar*/vetra/uvređen*/povređen*/povred*/ozleđen*/premešten*/smešten*/namešten*/iznet*/preneo/prenela/preneli/doneo/donela/doneli/uneo/uneli/izneo/iznela/izneli/odneo/odneli/podneo/podneli/naneo/naneli/poneo/poneli/sedeo/sedela/sedeli/umreo/mleti/primenj*/primena/primene/primenu/izmena/izmene/izmenu/razmena/razmene/razmenu/namenj*/namenski/delovanj*/delatnost*/nasleđ*/naslednik*/sledstveno/istovremen*/privremen*/savremen*/blagovremen*/dospel*/razumevanj*/neizvesn*/izvesn*/svest/svesti/svesn*/savest/savesti/mestimičn*/poslednj*/sused*/nepotrebn*/odelj*/odeljenj*/opredel*/podel*/podela/podele/raspodel*/predel*/predele/ocenjiva*/ispovest*/nevest*/bes/besan/besn*/nežn*/svež*/lenj*/bleda/bled/crev*/zapovest*/neophodnost*/streljan*/strelj*/streli*/strelac/sekira/sečenj*/seče/isecen*/terao/terali/tera/proteran*/proterivan*/proterali/poterao/istera*/vredno*',
  },
  {
    speaksFor: ['hr', 'bs', 'cnr'],
    weight: 1,
    words:
      'gdje/negdje/nigdje/uvijek/zauvijek/svijet*/mjesto/mjesta/mjestu/mjestom/mjestim*/namjest*/smjest*/premjest*/vrijeme/istovrijem*/djeca/djece/djeci/djecu/djecom/dječ*/riječ/riječi/riječju/riječima/prije/poslije/ovdje/ondje/cijel*/čovječ*/čovjek*/vijest*/obavijest*/savjest*/svijest*/svjes*/djevojk*/djevojč*/mlijek*/mliječ*/lijep*/ljepš*/htio/htjel*/volio/voljel*/želio/željel*/vidio/vidjel*/vidjet*/živio/živjel*/živjet*/razumio/razumjel*/trpio/trpjel*/dvije/obje/dvjema/predsjedni*/predsjedav*/predsjeda*/sjednic*/sjedi/sjedio/sjedište/sjever*/vjera/vjere/vjeri/vjeru/vjerom/vjeruj*/vjerova*/vjersk*/vjernik*/vjerojat*/vjerovatn*/mjesec*/mjera/mjere/mjeri/mjeru/mjerama/smjer*/zamjer*/namjer*/primjer*/razmjer*/rješ*/riješ*/dio/dijel*/djelo/djela/djelu/djelov*/djelim*/djelat*/vrijed*/promjen*/izmjen*/primjen*/zamjen*/razmjen*/namjen*/procjen*/procijen*/ocjen*/ocijen*/cijena/cijene/cijenu/cijeni/cijenama/zahtjev*/zahtijev*/posjet*/sjeć*/sjeti*/podsje*/slijed*/sljede*/posljed*/posljednj*/naslijed*/nasljed*/nedjelj*/ponedjelj*/povjer*/izvješ*/izvještaj*/obavješt*/obavijesti*/pobjed*/pobijed*/bijel*/bjel*/tijelo/tijela/tijelu/tijelom/tjeles*/uspje*/snijeg*/lijek*/liječ*/ljekar*/vjetar/vjetr*/zvijezd*/osjeć*/osjet*/sprječ*/lijev*/ljevic*/hljeb*/brijeg*/vijek*/bilježi*/zabilježen*/obilježa*/obilježj*/obilježen*/grijeh*/pjesm*/pjesnik*/pjeva*/smijeh*/smijal*/povrijed*/povrijeđ*/ozlijeđ*/vrijeđa*/donio/donijel*/prenio/prenijel*/iznio/iznijel*/odnio/odnijel*/podnio/podnijel*/unio/unijel*/nanio/nanijel*/sjedil*/dosljed*/susjed*/odjel*/podjel*/podijel*/raspodjel*/opredijel*/opredjel*/bijes*/bjes*/nježn*/svjež*/lijen*/blijed*/crijev*/drijev*/zapovijed*/zapovjed*/strijelj*/sjekir*/siječ*/siječanj/tjera*/protjera*/istjera*/potjera*/dvjest*/dvjesta*/dospje*/razumijev*/izvjesn*/neizvjesn*/unaprijed/naprijed/nevjest*/rijek*/rijeka/rijeci/rijetk*/rijed*/vjekov*/bezbjed*/obezbijed*/obezbjeđ*/nijemc*/prijedlog*/prijevoz*/prijenos*/prijelaz*/prijeti*/prijetnj*/prijevar*/prijestoln*/koljen*/korijen*/stijen*/sijed*/cvijet*/cvijeć*/zvijer*/mijenja*/dijete/djetet*/djetinj*/ljeto/ljeta/ljetn*/ljeti/nedjelo/nedje/vježb*/uvjer*',
  },
  {
    speaksFor: ['hr'],
    weight: 1.6,
    words:
      'tko/netko/nitko/svatko/itko/tkogod/tjedan/tjedn*/tisuć*/siječnj*/siječanj/veljač*/ožujk*/ožujak/travnj*/travanj/svibnj*/svibanj/lipnj*/lipanj/srpnj*/srpanj/kolovoz*/rujna/rujnu/rujan/listopad/listopada/listopadu/studeni/studenog/studenoga/studenom/prosinc*/prosinac/izvješć*/priopć*/glede/uvjet*/sudjel*/zrakoplov*/vlak/vlaka/vlaku/vlakom/vlakovi/kazališt*/tvrtk*/županij*/gospodarst*/gospodarsk*/gospodarstv*/ravnatelj*/povijest*/povijesn*/sustav*/pravomoćn*/glasnogovorni*/sveučiliš*/proračun*/nazočn*/dužnosni*/uhićen*/uhiti*/uhićuj*/uhidb*/europ*/tijekom/natječaj*/natjeca*/natjecatelj*/obitelj*/redovit*/točno/točn*/točk*/kolodvor*/veleposlan*/čimbeni*/mirovin*/umirovljen*/promič*/unatoč/zaklad*/zaklada/tvornic*/stožer*/kruh/kruha/kruhom/liječni*/prigod*/izbornik*/uporab*/pozorn*/vjerojatno/vjerojatn*/izravn*/postroj*/branitelj*/pučk*/knjižnic*/ljekarn*/računal*/zrak/glazb*/nogometaš*/rajčic*/žlic*/vrhnj*/riža/priopćenj*/ravnateljstv*/poduzetni*/poduzet*/poduzeć*/dragovolj*/vojarn*/topništv*/postrojb*/bojišn*/prosvjed*/prosvjedova*/prijepor*/prijevoz*/prijenos*/prijelaz*/promidžb*/podrijet*/ozljed*/ozlijeđen*/tijek*/zemljovid*/mjerodav*/odvjetn*/odvjetništv*/mjenjačnic*/pričuv*/posve/poglavit*/nadalje/dakako/dočim/žurn*/dvojb*/dvojbe*/sumnjič*/kazneno/kaznen*/uljud*/uljuđ*/nositelj*/izvanred*/primjeric*/primjerice/rabi/rabiti/rabljen*/vjeronauk*/vjerou*/kuna/kunama/milijun*/dopust*/odvojit*/podupir*/podupr*/poduprl*/zajamč*/jamč*/jamstv*/redarstv*/redar*/blagdan*/svećeni*/župni*/župa/župe/župi/župu/nadbisk*/biskup*/krist/krista/kristov*/kršćan*/križ*/tjedni*/napose/zbilj*/zbiljsk*/stajališt*/gledišt*/motrišt*/ozračj*/udrug*/udomitelj*/samostan*/zaručni*/kupaonic*/zahod*/ručnik*/plahta*/hladnjak*/perilic*/predug*/odgojitelj*/učiteljic*/inačic*/datotek*/mrež*/zaslon*/pisač*/tipk*/poslužitelj*/preglednik*/postavk*',
  },
  {
    speaksFor: ['hr', 'bs'],
    weight: 0.8,
    words:
      'također/općin*/općenit*/općinsk*/bit/nogomet*/otok*/skupin*/zrak/sretn*/opći/opća/opće/općeg/općoj/uopće/kuhar*/kuha*/duhan*/gluh*/suh/suha/suho/uho/uha/kihnu*/snah*/sarajk*/ured/ureda/uredu/uredi/zastupni*/čelni*/skrb*/odgoj*/sukladno/okoliš*/stoljeć*/jučer/jučeraš*/prekjučer/šuti/šutnj*/šutjel*',
  },
  {
    speaksFor: ['bs', 'sr', 'cnr'],
    weight: 1,
    words:
      'ko/neko/niko/svako/iko/hiljad*/evrop*/evro/evra/evrima/uslov/uslova/uslovi/uslove/uslovima/uslovlj*/januar*/februar*/mart/marta/martu/april*/maj/maja/maju/jun/juna/junu/jul/jula/avgust*/august*/septembar/septembr*/oktobar/oktobr*/novembar/novembr*/decembar/decembr*/fudbal*/uhapšen*/uhapsi*/hapšenj*/šta/sprovod*/sprovest*/sproved*/hljeb*/hleb*/voz/voza/vozu/vozom/vozovi/pozorišt*/avion*/fabrik*/porodic*/porodičn*/penzij*/penzioner*/privred*/privredn*/tačno/tačk*/tačn*/učestv*/učešć*/vanredn*/saobraćaj*/historij*/istorij*/sistem*/univerzitet*/budžet*/funkcioner*/zvanični*/ambasad*/ambasador*/faktor*/štamp*/štamparij*/portparol*/preduzeć*/preduze*/tokom/konkurs*/takmič*/redovn*/učesni*/pažnj*/upotreb*/direktn*/vjerovatno/verovatno/supa/supe/paradajz*/kašik*/pirinač*/kafa/kafe/kafu/biblioteka/bibliotek*/apotek*/kompjuter*/računar*/vazdušn*/muzik*/advokat*/tužila*/tužilaštv*/krivičn*/krivic*/interesovan*/interesuje/izvinj*/organizova*/definisa*/definiše/finansira*/finansij*/kontrolisa*/realizova*/regulisa*/kritikova*/informisa*/informisan*/protestova*/komentarisa*/intervenisa*/reagova*/identifikova*/registrova*/funkcionisa*/funkcioniše/operisan*/ignorisa*/angažova*/deklarisa*/izolova*/milion/miliona/milioni/milionima/hrišćan*/hristos/hrista/sveštenik*/sveštenstv*/episkop*/oficir*/kasarn*/artiljerij*/jedinic*/boraca/dobrovolj*/protest/protesti/protesta/protestu/prevoz*/prenos*/prelaz*/predlog*/predloži*/predlož*/kancelarij*/porekl*/povred*/sekretar*/neophodn*/bukvaln*/naučni*/nauka/nauke/nauci/nauku/pasoš*/aerodrom*/železni*/željezni*/stomatolog*/ljekar*/lekar*/ostrv*/talas*/nameštaj*/namještaj*/čaršaf*/peškir*/kupatil*/frižider*/vaspitan*/vaspita*/obdaništ*/spiska/spisku/ubijedi*/ubedi*/ubjeđ*/ubeđ*/snabdje*/snabde*/obavešten*/obaviješten*/blagovremen*/sopstven*/ličn*/zvanič*/prevashodn*/naročit*',
  },
  {
    speaksFor: ['bs'],
    weight: 1.8,
    words:
      'saopć*/sedmičn*/lahk*/mehk*/kahv*/historij*/historičar*/kanton*/uposlen*/uposleni*/dženaz*/šehid*/augustom/august/augusta/augustu/julu*/rahmet*/rahmetli/merhum*/sallallahu/općenit*',
  },
  {
    speaksFor: ['sr'],
    weight: 1.4,
    words:
      'odsto/sreda/sredu/sredom/dešav*/desio/desilo/desila/odeljenj*/železnic*/nedelj*/preksutra/noćas/dobiće/snaj*/opredelj*/saobraćajk*/ministark*/sudij*/direktork*',
  },
  {
    speaksFor: ['sr', 'cnr'],
    weight: 1,
    words:
      'opštin*/opšti/opšte/opšta/opšteg/opštoj/opštu/uopšte/opštinsk*/saopšt*/saopštenj*/obaveštenj*/juče/jučeraš*/prekjuče/biće/moraće/imaće/radiće/postaće/ostaće/dobiće/daće/kuva*/kuvar*/duvan*/suv/suva/suvo/gluv*/uvo/uva/ćutanj*/ćuti/ćutke/ćutao/takođe/svešten*/vazduh*/sopstven*/ubuduće*',
  },
  {
    speaksFor: ['bs', 'cnr'],
    weight: 0.8,
    words:
      'sedmic*/ljekar*/obezbijed*/obezbjeđ*/bezbjed*/vjerovatn*/izvještaj*/porodic*/učestv*/posjet*/predsjedni*/hljeb*/vijesti',
  },
  {
    speaksFor: ['cnr'],
    weight: MONTENEGRIN.weight,
    words: 'nijesam/nijesi/nijesmo/nijeste/nijesu/sjutra*/izije*',
  },
]
