/** Whole articles, invented, that only report: a commemoration, a judgment, a law on denial. None holds an instance. */
import type { Language } from '../../core/labels.ts'

type Kind = 'commemoration' | 'judgment' | 'law'
type Article = readonly [language: Language, kind: Kind, title: string, text: string]

export const REPORTING: readonly Article[] = [
  // ---- Bosnian
  [
    'bs',
    'commemoration',
    'U Potočarima obilježena godišnjica genocida',
    'U Memorijalnom centru u Potočarima danas je obilježena godišnjica genocida nad Bošnjacima. Klanjana je dženaza za četrnaest identificiranih žrtava, od kojih je najmlađa imala sedamnaest godina. Majke su kazale da još traže kosti svojih sinova. Dio posmrtnih ostataka nikada nije pronađen. Nijedan predstavnik vlasti susjedne države nije došao. „Ne mrzimo nikoga, ali ne zaboravljamo“, rekla je Hatidža Mujić. Program je završen čitanjem imena ubijenih.',
  ],
  [
    'bs',
    'commemoration',
    'Sjećanje na logoraše Omarske',
    'Preživjeli logoraši okupili su se pred bivšim rudnikom Omarska. U logoru su 1992. godine držani nesrpski civili iz Prijedora. Mnogi su mučeni, a stotine ubijene. Spomen-obilježje ni danas nije podignuto. Sudije u Hagu presudile su jedanaesterici odgovornih. Udruženje traži da se mjesto zaštiti i da djeca o njemu uče u školi.',
  ],
  [
    'bs',
    'judgment',
    'Bivši vojnik osuđen na dvanaest godina zbog ubistava civila',
    'Sud Bosne i Hercegovine osudio je Miloša Tubića na dvanaest godina zatvora zbog zločina protiv čovječnosti. Utvrđeno je da je u ljeto 1992. učestvovao u ubistvu šest bošnjačkih civila. Optuženi je negirao krivicu i tvrdio da nije bio na tom mjestu. Vijeće mu nije povjerovalo. „Nije bilo osnova za oslobađajuću presudu“, obrazložio je sudija. Na presudu se može uložiti žalba.',
  ],
  [
    'bs',
    'judgment',
    'Potvrđena presuda za zločine nad Srbima u Kazanima',
    'Apelaciono vijeće potvrdilo je presudu bivšem pripadniku Armije zbog ubistava srpskih civila na Kazanima. Žrtve su odvođene iz svojih stanova u opkoljenom Sarajevu. Odbrana je tvrdila da je optuženi izvršavao naređenja. Sud je to odbio. Porodice ubijenih kažu da je pravda spora. Gradske vlasti najavile su novo spomen-obilježje.',
  ],
  [
    'bs',
    'law',
    'Tužilaštvo zaprimilo desetine prijava zbog negiranja genocida',
    'Od izmjena Krivičnog zakona tužilaštvo je zaprimilo više od sto prijava zbog negiranja genocida i veličanja ratnih zločinaca. Podignuto je tek nekoliko optužnica. Zakon predviđa zatvor od šest mjeseci do pet godina. Pravnici upozoravaju da se odredba različito tumači. „Poricanje vrijeđa žrtve i sprečava pomirenje“, kaže profesorica Amra Lelić. Udruženja žrtava traže brži rad.',
  ],
  [
    'bs',
    'law',
    'Dvije godine zabrane negiranja genocida',
    'Prije dvije godine na snagu je stupila zabrana poricanja genocida, holokausta i ratnih zločina. Prema istraživanju, broj javnih izjava kojima se genocid negira opao je u prvim mjesecima. Kasnije je opet porastao. Nazivi ulica i murali osuđenih i dalje stoje. Visoki predstavnik pozvao je institucije da zakon provode. Opozicija traži strožije kazne.',
  ],
  // ---- Croatian
  [
    'hr',
    'commemoration',
    'U Jasenovcu odana počast žrtvama ustaškog logora',
    'U Spomen-području Jasenovac održana je komemoracija za žrtve ustaškog logora. Predstavnici Srba, Židova, Roma i antifašista položili su vijence. Prema popisu, u logoru su ubijene najmanje 83.145 osobe. Među njima je bilo više od dvadeset tisuća djece. „Nikada više“, poručila je ravnateljica Ivana Perić. Preživjelih više gotovo nema. Na kraju su pročitana imena.',
  ],
  [
    'hr',
    'commemoration',
    'Kolona sjećanja prošla Vukovarom',
    'Tisuće ljudi prošle su u koloni sjećanja od bolnice do groblja. Vukovar je pao nakon tromjesečne opsade. Na Ovčari je ubijeno više od dvjesto ranjenika i civila. Još se traga za stotinama nestalih. Obitelji traže da se otvore arhivi. Misu je predvodio biskup Marko Lončar, koji je pozvao na praštanje bez zaborava.',
  ],
  [
    'hr',
    'judgment',
    'Dvojici bivših vojnika po sedam godina za ubojstva srpskih civila',
    'Županijski sud u Osijeku osudio je dvojicu bivših pripadnika Hrvatske vojske zbog ubojstava srpskih civila 1991. Ubijeni su u svojim kućama, a tijela su kasnije premještena. Optuženici su porekli krivnju. Obrana tvrdi da nema dokaza da su bili u selu. Sud je naveo da iskazi svjedoka nisu izmišljeni niti usklađeni. Presuda nije pravomoćna.',
  ],
  [
    'hr',
    'judgment',
    'Haaški sud odbio zahtjev za prijevremeno puštanje',
    'Mehanizam u Haagu odbio je zahtjev osuđenika za ratne zločine za prijevremeno puštanje. Osuđen je zbog ubojstava i progona Bošnjaka u Lašvanskoj dolini. Predsjednica suda ocijenila je da nije pokazao kajanje. U zamolbi je i dalje umanjivao svoju ulogu. Žrtve su odluku pozdravile. Kazna istječe za četiri godine.',
  ],
  [
    'hr',
    'law',
    'Sabor raspravlja o zabrani poricanja holokausta i ustaških simbola',
    'Sabor je počeo raspravu o izmjenama zakona kojima se strože kažnjava poricanje holokausta i isticanje ustaških simbola. Predlagatelji traže novčane kazne i do tri godine zatvora. Dio zastupnika protivi se zbog slobode govora. „Veličanje NDH mora imati posljedice“, kazala je zastupnica Petra Novak. Povjesničari upozoravaju na porast revizionizma. Glasanje se očekuje u petak.',
  ],
  [
    'hr',
    'law',
    'Kazneno djelo poricanja genocida rijetko pred sudom',
    'Odvjetništvo je u deset godina pokrenulo tek nekoliko postupaka zbog javnog poricanja ili umanjivanja genocida. Najčešće je riječ o objavama na društvenim mrežama. Sudovi traže dokaz da izjava potiče na nasilje ili mržnju. Profesor Luka Barić kaže da su kazne simbolične. Udruge predlažu bolju edukaciju policije.',
  ],
  // ---- Serbian
  [
    'sr',
    'commemoration',
    'Парастос страдалима у Олуји',
    'У цркви Светог Марка служен је парастос Србима страдалим у акцији Олуја. Тада је из Хрватске протерано више од двеста хиљада људи. Многи су убијени у колонама. За њихову смрт нико није осуђен, кажу породице. Патријарх је позвао на молитву. Венце су положили и представници удружења несталих. Сећање се одржава сваке године.',
  ],
  [
    'sr',
    'commemoration',
    'Žene u crnom stajale u ćutanju za Srebrenicu',
    'Na Trgu republike u Beogradu održano je stajanje u crnini povodom godišnjice genocida u Srebrenici. Aktivistkinje su nosile imena ubijenih. Policija je razdvojila okupljene od grupe desničara. Incidenata nije bilo. „Tražimo da Srbija prizna presude“, rekla je Vesna Milić. Skupština o tome nije raspravljala. Okupljeni su se razišli u tišini.',
  ],
  [
    'sr',
    'judgment',
    'Апелациони суд потврдио казну за злочин у Штрпцима',
    'Апелациони суд у Београду потврдио је казне за отмицу и убиство двадесет путника из воза у Штрпцима. Жртве су биле углавном Бошњаци. Оптужени су негирали кривицу. Суд је утврдио да су отмицу планирали. Породице су поручиле да и даље траже тела. Пресуда је правоснажна.',
  ],
  [
    'sr',
    'judgment',
    'Sud za ratne zločine: petnaest godina za ubistva u Zvorniku',
    'Viši sud u Beogradu osudio je Darka Jevđevića na petnaest godina zatvora zbog ubistava civila u Zvorniku 1992. Utvrđeno je da je pucao u zarobljene muškarce. Odbrana je tvrdila da su to bili vojnici. Veće je na osnovu izveštaja veštaka zaključilo da su žrtve bile civili. Tužilaštvo je tražilo dvadeset godina. Advokat je najavio žalbu.',
  ],
  [
    'sr',
    'law',
    'Да ли се негирање геноцида кажњава у Србији',
    'Кривични законик предвиђа казну за јавно одобравање и негирање геноцида само ако га је утврдио домаћи или стални међународни суд. Зато се на пресуде трибунала не примењује. Невладине организације траже измену. Министарство каже да предлог није у процедури. Правник Милан Остојић сматра да је одредба писана да се не би примењивала.',
  ],
  [
    'sr',
    'law',
    'Poslanici odbili da raspravljaju o rezoluciji o Srebrenici',
    'Skupština nije uvrstila u dnevni red predlog rezolucije kojom se osuđuje genocid u Srebrenici i zabranjuje njegovo poricanje. Za je glasalo jedanaest poslanika. Predlagači su rekli da će pokušati ponovo. Vladajuća većina predlog nije obrazložila. U sali je bilo dobacivanja. Sednica se nastavlja u sredu.',
  ],
  // ---- Montenegrin
  [
    'cnr',
    'commemoration',
    'Pomen žrtvama deportacije u Herceg Novom',
    'Pred zgradom policije u Herceg Novom odata je pošta žrtvama deportacije bosanskih izbjeglica 1992. godine. Sjutra će se održati i tribina. Članovi porodica položili su cvijeće. Najmanje šezdeset šest ljudi predato je vojsci bosanskih Srba i većina je ubijena. Niko za zločin nije osuđen. Građanske organizacije traže spomen-ploču.',
  ],
  [
    'cnr',
    'commemoration',
    'Obilježen Dan sjećanja na genocid u Srebrenici',
    'Na Trgu nezavisnosti u Podgorici upaljene su svijeće za žrtve genocida u Srebrenici. Skupu su prisustvovali i predstavnici Bošnjaka, Albanaca i Srba. Pročitana je poruka predśednika Skupštine. „Istina nema alternativu“, kazala je Sanja Vuković. Nijesu zabilježeni incidenti. Program je završen minutom ćutanja.',
  ],
  [
    'cnr',
    'judgment',
    'Viši sud: osam godina za zločin u Bukovici',
    'Viši sud u Bijelom Polju osudio je bivšeg rezervistu na osam godina zbog zlostavljanja i progona Muslimana u selima oko Pljevalja. Optuženi je tvrdio da nije bio na terenu. Śedoci su ga prepoznali. Sudija je naveo da je progon bio sistematski. Odbrana je najavila žalbu. Porodice nijesu zadovoljne visinom kazne.',
  ],
  [
    'cnr',
    'judgment',
    'Odšteta zatvorenicima logora Morinj',
    'Osnovni sud u Podgorici dośudio je odštetu bivšim zatvorenicima logora Morinj. Država je odgovorna za njihovo mučenje, navodi se u presudi. Četvorica bivših stražara osuđena su ranije za ratni zločin. Zastupnik države nije osporavao činjenice, nego iznos. Presuda nije pravosnažna.',
  ],
  [
    'cnr',
    'law',
    'Ministar razriješen zbog riječi o Srebrenici',
    'Skupština je razriješila ministra pravde zbog njegovog odnosa prema presudama za Srebrenicu. Usvojena je i rezolucija kojom se osuđuje genocid i zabranjuje njegovo javno negiranje. Za rezoluciju su glasala pedeset i pet poslanika. Predlagači podśećaju na obaveze prema Evropskoj uniji. Dio poslanika napustio je salu.',
  ],
  [
    'cnr',
    'law',
    'Izmjene Krivičnog zakonika o poricanju zločina',
    'Vlada je utvrdila predlog izmjena kojim se proširuje krivično djelo poricanja genocida i zločina protiv čovječnosti. Kazna je do pet godina zatvora. Zakon se odnosi na sve zločine utvrđene presudama međunarodnih sudova. Javna rasprava trajaće mjesec. Sindikat novinara traži da se izuzme izvještavanje.',
  ],
  // ---- Macedonian
  [
    'mk',
    'commemoration',
    'Скопје: одбележана годишнината од депортацијата на Евреите',
    'Во Скопје беше одбележана годишнината од депортацијата на македонските Евреи во Треблинка. Убиени се над седум илјади луѓе. Цвеќе беше положено пред Монополот. „Не смееме да заборавиме“, рече претседателката на заедницата Рахела Коен. Преживеаните беа малкумина. Учениците ги прочитаа имињата на убиените деца. Никој од семејството Коен не се вратил.',
  ],
  [
    'mk',
    'commemoration',
    'Оддадена почит на жртвите од Сребреница',
    'Во Тетово беше оддадена почит на жртвите од геноцидот во Сребреница. Имамот прочита молитва за убиените Бошњаци. На собирот зборуваа и Албанци, Македонци и Срби. „Нè учи да не молчиме“, изјави професорката Сузана Беќири. Немаше инциденти. Изложбата со фотографии ќе трае до петок.',
  ],
  [
    'mk',
    'judgment',
    'Потврдена пресудата за злосторствата во Сребреница',
    'Судот во Хаг ја потврди доживотната казна за геноцид на поранешниот командант. Судиите ги отфрлија сите точки од жалбата. Одбраната тврдеше дека нема доказ за неговата намера. Семејствата на жртвите заплакаа во судницата. „Ова не ги враќа нашите синови“, рече една мајка. Казната ќе ја отслужи во странство.',
  ],
  [
    'mk',
    'judgment',
    'Осум години затвор за убиство на цивили во 2001',
    'Кривичниот суд изрече казна од осум години затвор за убиство на цивили во селото Љуботен во 2001 година. Обвинетиот не ја призна вината. Сведоците кажаа дека селаните биле невооружени. Адвокатот рече дека ќе поднесе жалба. Албанските здруженија ја поздравија пресудата. Обвинителството бараше дванаесет години.',
  ],
  [
    'mk',
    'law',
    'Собранието за казни за негирање на геноцид',
    'Собранието почна расправа за измени со кои негирањето на геноцид и на холокаустот ќе се казнува построго. Предвидена е казна од една до пет години. Пратеничката Елена Трајковска рече дека говорот на омраза расте. Опозицијата бара појаснување. Законот не се однесува на историски истражувања. Гласањето е во четврток.',
  ],
  [
    'mk',
    'law',
    'Пријава против портал за негирање на холокаустот',
    'Хелсиншкиот комитет поднесе пријава против портал поради негирање на холокаустот. Според законот, ова дело се казнува со затвор. Обвинителството потврди дека ја добило пријавата. Уредникот не одговори на прашањата. Еврејската заедница бара текстот да се отстрани. Советот за етика веќе го осуди порталот.',
  ],
  // ---- Albanian
  [
    'sq',
    'commemoration',
    'Përkujtohet masakra e Reçakut',
    'Në Reçak u përkujtua përvjetori i masakrës në të cilën u vranë dyzet e pesë shqiptarë. Familjarët vendosën lule te varrezat. Presidentja tha se krimi nuk duhet të harrohet kurrë. Asnjë nga ekzekutorët nuk është dënuar. Të mbijetuarit kërkuan drejtësi. Në fund u mbajt një minutë heshtje. Nxënësit lexuan emrat e të vrarëve.',
  ],
  [
    'sq',
    'commemoration',
    'Homazhe për viktimat e gjenocidit në Srebrenicë',
    'Në Prishtinë u mbajtën homazhe për viktimat e gjenocidit në Srebrenicë. Ambasadori i Bosnjës falënderoi të pranishmit. „Dhimbja jonë është e njëjtë“, tha Vjosa Gashi. Në sallë ishin edhe përfaqësues të komunitetit serb dhe rom. Nuk pati incidente. Ekspozita me fotografi qëndron e hapur deri të premten.',
  ],
  [
    'sq',
    'judgment',
    'Trembëdhjetë vjet burg për krime lufte në Mejë',
    'Gjykata Themelore në Prishtinë e dënoi me trembëdhjetë vjet burg një ish-polic serb për krime lufte në Mejë. Ai u shpall fajtor për vrasjen e civilëve shqiptarë. I akuzuari e mohoi fajësinë. Mbrojtja tha se nuk ka prova se ai ishte në fshat. Dëshmitarët e njohën. Aktgjykimi mund të ankimohet.',
  ],
  [
    'sq',
    'judgment',
    'Dhomat e Specializuara vërtetojnë dënimin e ish-komandantit',
    'Dhomat e Specializuara në Hagë e vërtetuan dënimin e një ish-komandanti të UÇK-së për torturë dhe vrasje. Viktimat ishin shqiptarë dhe serbë të mbajtur në një objekt të improvizuar. Mbrojtja kishte kërkuar lirimin. Gjyqtarët thanë se dëshmitë nuk ishin të sajuara. Familja e viktimës e mirëpriti vendimin. Dënimi u ul për tri vjet.',
  ],
  [
    'sq',
    'law',
    'Kuvendi miraton ligjin kundër mohimit të gjenocidit',
    'Kuvendi e miratoi ligjin që ndëshkon mohimin e gjenocidit dhe të krimeve të luftës. Dënimi shkon deri në tri vjet burg. Deputetja Arta Hoxha tha se mohimi i lëndon viktimat. Opozita kërkoi që ligji të mos e kufizojë lirinë e fjalës. Shoqatat e familjarëve e mirëpritën votimin. Ligji hyn në fuqi pas pesëmbëdhjetë ditësh.',
  ],
  [
    'sq',
    'law',
    'Hetim për mohimin e holokaustit në rrjete sociale',
    'Prokuroria ka nisur hetim për postime ku mohohet holokausti. Sipas Kodit Penal, mohimi dënohet me gjobë ose burg. Policia ka pyetur dy persona. Bashkësia hebraike kërkoi reagim më të shpejtë. Ekspertët thonë se mohimi po shtohet. Platforma i ka larguar postimet.',
  ],
  // ---- English
  [
    'en',
    'commemoration',
    'Thousands mark Srebrenica anniversary',
    'Thousands gathered in Potocari to mark the anniversary of the Srebrenica genocide. Fourteen newly identified victims were buried. More than 8,000 Bosniak men and boys were killed in July 1995. "We still look for bones," said Nura Begic, who lost two sons. No official from Belgrade attended. Diplomats called for an end to denial. The names of the dead were read aloud.',
  ],
  [
    'en',
    'commemoration',
    'Jasenovac victims remembered',
    'Croatian, Serb, Jewish and Roma leaders laid wreaths at Jasenovac. At least 83,000 people were murdered at the Ustasha camp. Survivors warned of growing revisionism. "Never again," said museum director Ana Kos. The prime minister did not speak. Students read the names of murdered children.',
  ],
  [
    'en',
    'judgment',
    'Court upholds conviction for crimes against Kosovo Albanians',
    'An appeals court in Pristina upheld a fifteen-year sentence for a former Serbian policeman. He was found guilty of killing Albanian civilians in Meja in 1999. The defendant denied the charges and said he was not there. Judges said the witnesses had not invented their accounts. Families wept in the courtroom. The verdict is final.',
  ],
  [
    'en',
    'judgment',
    'Bosnian court jails ex-soldier for killing Serbs',
    "A court in Sarajevo sentenced a former Bosnian army soldier to nine years for killing Serb civilians. The victims were taken from their homes during the siege. He pleaded not guilty. The defence claimed that there was no evidence. The panel rejected the claim. Victims' groups welcomed the ruling.",
  ],
  [
    'en',
    'law',
    "Bosnia's genocide denial ban two years on",
    'Two years after a ban on genocide denial was imposed in Bosnia, prosecutors have filed few indictments. The law punishes those who deny, justify or glorify genocide and war crimes. Researchers counted hundreds of cases of denial in the media. Officials in Banja Luka reject the law. The High Representative urged prosecutors to act. Murals of convicted war criminals remain.',
  ],
  [
    'en',
    'law',
    'Parliament debates Holocaust denial bill',
    'Lawmakers in Skopje debated a bill that would punish Holocaust denial with up to five years in prison. Supporters say hate speech is rising online. Critics warned about free speech. "Denial is an insult to the victims," said lawmaker Elena Trajkovska. The vote is expected on Thursday. Historical research would be exempt.',
  ],
]

type Quoting = readonly [
  language: Language,
  kind: Kind,
  voice: string,
  stances: readonly string[],
  label: string,
  title: string,
  text: string,
]

/** Articles of the same kinds that pass the sentence itself on: they are flagged, as quoted. */
export const QUOTING: readonly Quoting[] = [
  [
    'bs',
    'commemoration',
    'quoted',
    ['condemns', 'contextualises'],
    'denial/outright',
    'Na godišnjicu genocida opet poruke poricanja',
    'U Potočarima je obilježena godišnjica genocida. Istog dana načelnik Goran Tubić rekao je da u Srebrenici nije bilo genocida. Majke su osudile njegove riječi. Presude međunarodnih sudova su jasne.',
  ],
  [
    'hr',
    'judgment',
    'quoted',
    ['relays', 'contextualises'],
    'denial/qualification',
    'Osuđenik pred sudom ponovio svoje',
    'Sud je potvrdio presudu. „U Srebrenici nije bio genocid“, rekao je Petar Savić izlazeći iz sudnice. Njegov odvjetnik nije davao izjave.',
  ],
  [
    'sr',
    'commemoration',
    'quoted',
    ['relays', 'contextualises'],
    'incitement/repeat',
    'Навијачи узвикивали пароле',
    'У граду је обележена годишњица. Увече су навијачи на утакмици узвикивали „Нож, жица, Сребреница“. Полиција утврђује ко је био на трибини.',
  ],
  [
    'cnr',
    'law',
    'quoted',
    ['condemns', 'contextualises', 'relays'],
    'denial/outright',
    'Poslanik napustio salu',
    'Skupština je raspravljala o zakonu. Poslanik Marko Vujović kazao je da se genocid u Srebrenici nije dogodio. Predśedavajući mu je oduzeo riječ.',
  ],
  [
    'mk',
    'law',
    'quoted',
    ['relays', 'contextualises'],
    'denial/outright',
    'Расправа за законот',
    'Собранието расправаше за законот. Пратеникот Петар Савески рече дека во Сребреница немаше геноцид. Седницата продолжува утре.',
  ],
  [
    'sq',
    'commemoration',
    'quoted',
    ['relays', 'contextualises', 'condemns'],
    'denial/conspiracy',
    'Përvjetori dhe reagimi nga Beogradi',
    'Në Reçak u përkujtua përvjetori. Ministri Petar Saviq deklaroi se masakra e Reçakut është e sajuar. Qeveria e Kosovës nuk u përgjigj.',
  ],
  [
    'en',
    'judgment',
    'quoted',
    ['relays', 'contextualises'],
    'denial/outright',
    'Defendant defiant after verdict',
    'The court upheld the verdict. "There was no genocide in Srebrenica," said Petar Savic as he left. His lawyer will not appeal.',
  ],
]
