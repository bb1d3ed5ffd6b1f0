/** Frequent words by language, written for the training of the model: short words decide short texts, and running text of one subject has few of them. */
import type { Family } from './sources.ts'

export const FREQUENT_WORDS: readonly (readonly [family: Family, words: string])[] = [
  [
    'sl',
    'je in ki ni za po so bo pri tudi kot ga ker pa smo lahko že tega od iz z v na da se s ne bi bil bila bilo bili kjer kaj kako leta letih letu med ob do jih njihov zaradi vendar še več samo zelo nekaj vse vseh ter ali če ko sta danes niso ima imajo pred proti brez povedal dejal bolj sem jo mu jim o čeprav nekateri nekatere tistih tisti kdo kdaj zakaj kje kam vedno nikoli pogosto včasih spet znova nato potem preden medtem namreč torej saj sicer morda skoraj približno okoli glede poleg razen namesto zunaj znotraj nad pod skozi čez okrog mora morajo moramo treba mogoče hoče želi pravi meni piše gre pride dobi dela živi živim stane ljudje ljudi otroci otrok mesto mesta država države slovenska slovenski slovenske slovenskih vlada vlade minister predsednik predsednica župan poslanec stranka stranke volitve zakon sodišče policija policisti nesreča vreme jutri včeraj teden mesec ponedeljek torek sredo četrtek petek soboto nedeljo januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra tisoč milijonov evrov odstotkov odstotka prvi drugi tretji novi nova novo velik velika veliko majhen dober dobra slab star mlad preveč premalo dovolj bližu blizu daleč tukaj tam ste bomo bodo boste bile nisem nismo jaz ti on ona mi vi oni moj tvoj njegov njena naš vaš sebi svoj svoje svojo svoji ta to te temu tem tisto vsak vsaka vsi nihče nič nekdo kdor kar kateri katera katero katerih koliko kakšen takšen tako zato dokler kakor toda ampak',
  ],
  [
    'hu-tr-ru',
    'и в что это как так все его для же из быть был была были они мы которые который после чтобы также России или только уже при об ли я ты он она вы где когда почему сколько много мало больше ещё тоже однако здесь там сейчас сегодня завтра вчера год года лет человек люди людей дети страна город города министр правительство президент полиция хочет может должен нужно нет есть будет будут если пока между через против без над под перед около сказал заявил сообщил первый новый новая большой эти этот эта того этого чем очень',
  ],
  [
    'de-bg',
    'от че със като това който която които към след ще беше бяха са той тя те тази този има няма във защото българия аз ти ние вие което коя кое кой кои как кога къде колко много малко повече най още само също обаче така тук там сега днес утре вчера година години годишен човек хора хората дете деца държава държавата град градът града министър министърът правителството президентът полицията искат искам може трябва да съм си сме сте бил била било били ли но и или ако когато докато между през според срещу без над под край около преди чрез бъде бъдат новини каза заяви съобщи първи втори нов нова ново голям голяма',
  ],
  [
    'de-bg',
    'der die und das nicht ist ein eine mit von den dem des für auf im sich auch werden wird sind aus nach bei wie über hat war zu als es er sie an',
  ],
  [
    'hu-tr-ru',
    've bir bu için ile da de olarak olan çok daha sonra kadar gibi ise değil ancak var yok en türkiye oldu dedi ama ne her',
  ],
  [
    'hu-tr-ru',
    'a az és hogy nem egy is meg volt van ez de ha csak mint már még el vagy azt szerint után lesz ki fel magyar minden',
  ],
  [
    'roa-uk',
    'il di che la e per non un una con del della dei le gli sono è si da nel alla più come anche ha lo questo',
  ],
  [
    'roa-uk',
    'le la les des et de un une est que qui dans pour pas sur au du en par ce plus ne il elle avec sont',
  ],
  ['roa-uk', 'el la los las de que y en un una es por con para del se no su al como más pero lo sus fue'],
  [
    'roa-uk',
    'și de în la cu pe din este nu că un o ce mai au fost care pentru sunt după prin lui sau al ale',
  ],
  ['zlw', 'w i z na nie się że do jest to jak o od po ale był przez dla jego są oraz który które tym ze ma'],
  [
    'zlw',
    'a v se na je že s z do o to jako by ve byl byla jsou který která které pro po ale jeho nebo také při už jen',
  ],
  [
    'mk',
    'е во на да се за од со и не го ја ги му им ќе кој која кое кои дека како или но по до при што ова овој оваа овие тоа тој таа тие бидејќи само уште повеќе нема има имаше немаше беше беа сме сум сте а меѓу против поради според пред без многу сите година години денес лице исто така може треба вели рече изјави нив нивните неговиот едно еден една каде кога ако кон преку околу туку зошто никој ниту оти биде биле бил била луѓе луѓето одбележана градот владата министерот претседателот народ народот',
  ],
  [
    'sq',
    'dhe është eshte në ne për per një nje që qe të te së se me nga nuk ka kanë kane janë jane ishte ishin i e u do si por kjo ky këtë kete këto ai ajo ata duke pas edhe më tij saj tyre prej deri mund vetëm vetem kur ku çka cka çfarë sipas gjatë gjate rreth shqiptar shqiptare kosovë kosove kosova shqipëri shqiperi sot dje tha vit viti vitin ndaj kundër sepse mos as jo gjithë asht osht ose popull popullit luftës qeveria',
  ],
  [
    'en',
    'the of and to in is was were are that for with as by on at from it his her its their they he she be been has have had not but which who this these those an or would will can said says after before about between into over there no never what when where more than also all other people against a out our we you must should',
  ],
  [
    'hbs',
    'je su u i na da se za od sa iz do o s ne nije nisu koji koja koje kojih kojima kojoj će bi bio bila bilo biti ili već kao ali kako što šta to ovo ova ovaj ove ovom ovog tog toga taj te nakon zbog samo još jos uz nego po pri kod gdje gde ima nema sam smo ste jer kada kad sve svi svih njegov njegova njih on ona oni iako ipak također takođe rekao kazao kaže godine godina dana danas prema protiv između bez više pa a li međutim tokom tijekom narod narodu naroda narodom mogu može treba hoće neće ćemo ćete budu bude budući imaju imamo rekli rekla kažu ljudi čovjek čovek djeca deca grad grada država države vlada vlade ministar predsjednik predsednik policija sud zakon jučer juče sutra nedelja nedjelja prvi prva drugi treći novi nova novo veliki velika mali dobar dobro loše vrlo veoma jako malo mnogo dosta nešto neko netko ništa nikad uvijek uvek ovdje ovde tamo sada sad tada onda zatim potom možda naravno upravo takav takva kakav koliko zašto zato dakle odnosno otkriven otkrivena septembra rujna oktobra listopada utakmica utakmice pobjeda pobeda godinu mjeseca meseca sati sata minuta evra eura posto odsto',
  ],
  [
    'roa-uk',
    'і в у на з що це як так все його для же із бути був була були вони ми які який яка після щоб також або тільки вже при про чи та не але від до за по є немає цей ця ці того цього дуже коли де чому скільки багато більше ще теж однак тут там зараз сьогодні завтра рік року років людина люди діти країна місто уряд президент поліція хоче може треба буде будуть якщо між через проти без над під перед сказав заявив повідомив перший новий нова великий',
  ],
]
