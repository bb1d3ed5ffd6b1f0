/**
 * Persons whom a court acquitted for good, as patterns of the lexicons. Honour for them is no denial, and no encoder
 * knows case law, so it is told. Full names, or rank and surname: several surnames are common words.
 */
export const ACQUITTED: readonly {
  readonly name: string
  readonly judgment: string
  readonly pattern: string
}[] = [
  { name: 'Idriz Balaj', judgment: 'ICTY TC (retrial) 29 November 2012', pattern: 'idriz* balaj*' },
  { name: 'Ljube Boškoski', judgment: 'ICTY AC 19 May 2010', pattern: 'ljub* boškosk*/boskovsk*' },
  { name: 'Ivan Čermak', judgment: 'ICTY TC 15 April 2011', pattern: 'ivan* čermak*' },
  { name: 'Zejnil Delalić', judgment: 'ICTY AC 20 February 2001', pattern: 'zejnil* delalić*' },
  {
    name: 'Ante Gotovina',
    judgment: 'ICTY AC 16 November 2012',
    pattern: 'ant*/general*/đeneral* gotovin*',
  },
  { name: 'Sefer Halilović', judgment: 'ICTY AC 16 October 2007', pattern: 'sefer*/general* halilović*' },
  {
    name: 'Ramush Haradinaj',
    judgment: 'ICTY TC (retrial) 29 November 2012',
    pattern: 'ramuš*/ramush* haradinaj*',
  },
  { name: 'Fatmir Limaj', judgment: 'ICTY AC 27 September 2007', pattern: 'fatmir* limaj*' },
  {
    name: 'Mladen Markač',
    judgment: 'ICTY AC 16 November 2012',
    pattern: 'mladen*/general*/đeneral* markač*',
  },
  {
    name: 'Milan Milutinović',
    judgment: 'ICTY TC 26 February 2009',
    pattern: 'milan* milutinović*/milutinovikj*',
  },
  { name: 'Naser Orić', judgment: 'ICTY AC 3 July 2008', pattern: 'naser*/komandant* orić*' },
  {
    name: 'Momčilo Perišić',
    judgment: 'ICTY AC 28 February 2013',
    pattern: 'momčil*/general*/đeneral* perišić*',
  },
]
