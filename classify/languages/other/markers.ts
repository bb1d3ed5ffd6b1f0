/** Frequent words of languages around that we do not read, so that they are not taken for one of ours. */
import type { Markers } from '../../pack.ts'

export const otherMarkers: readonly Markers[] = [
  {
    language: 'sl',
    words:
      'je/in/ki/ni/za/po/so/bo/pri/tudi/kot/ga/ker/pa/smo/lahko/že/tega/od/iz/z/v/na/da/se/s/ne/bi/bil/bila/bilo/bili/kjer/kaj/kako/leta/letih/letu/med/ob/do/jih/njihov/zaradi/vendar/še/več/samo/zelo/nekaj/vse/vseh/ter/ali/če/ko/sta/danes/niso/ima/imajo/pred/proti/brez/povedal/dejal/bolj/sem/jo/mu/jim/o',
  },
  {
    language: 'und',
    words:
      'и/в/что/это/как/так/все/его/для/же/из/быть/был/была/были/они/мы/которые/который/после/чтобы/также/России/или/только/уже/при/об/ли',
  },
  {
    language: 'und',
    words:
      'от/че/със/като/това/който/която/които/към/след/ще/беше/бяха/са/той/тя/те/тази/този/има/няма/във/защото/българия',
  },
  {
    language: 'und',
    words:
      'der/die/und/das/nicht/ist/ein/eine/mit/von/den/dem/des/für/auf/im/sich/auch/werden/wird/sind/aus/nach/bei/wie/über/hat/war/zu/als/es/er/sie/an',
  },
  {
    language: 'und',
    words:
      've/bir/bu/için/ile/da/de/olarak/olan/çok/daha/sonra/kadar/gibi/ise/değil/ancak/var/yok/en/türkiye/oldu/dedi/ama/ne/her',
  },
  {
    language: 'und',
    words:
      'a/az/és/hogy/nem/egy/is/meg/volt/van/ez/de/ha/csak/mint/már/még/el/vagy/azt/szerint/után/lesz/ki/fel/magyar/minden',
  },
  {
    language: 'und',
    words:
      'il/di/che/la/e/per/non/un/una/con/del/della/dei/le/gli/sono/è/si/da/nel/alla/più/come/anche/ha/lo/questo',
  },
  {
    language: 'und',
    words:
      'le/la/les/des/et/de/un/une/est/que/qui/dans/pour/pas/sur/au/du/en/par/ce/plus/ne/il/elle/avec/sont',
  },
  {
    language: 'und',
    words: 'el/la/los/las/de/que/y/en/un/una/es/por/con/para/del/se/no/su/al/como/más/pero/lo/sus/fue',
  },
  {
    language: 'und',
    words: 'și/de/în/la/cu/pe/din/este/nu/că/un/o/ce/mai/au/fost/care/pentru/sunt/după/prin/lui/sau/al/ale',
  },
  {
    language: 'und',
    words: 'w/i/z/na/nie/się/że/do/jest/to/jak/o/od/po/ale/był/przez/dla/jego/są/oraz/który/które/tym/ze/ma',
  },
  {
    language: 'und',
    words:
      'a/v/se/na/je/že/s/z/do/o/to/jako/by/ve/byl/byla/jsou/který/která/které/pro/po/ale/jeho/nebo/také/při/už/jen',
  },
]
