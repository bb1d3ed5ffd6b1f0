/** What the labels are called on the pages, and what they mean in a sentence or two. */
import type {
  Category,
  Country,
  Field,
  Language,
  OutletKind,
  Script,
  Stance,
  Status,
  VerdictValue,
  Voice,
} from '../core/labels.ts'
import type { ADJUDICATIONS } from '../core/reference.ts'

interface CategoryWords {
  readonly name: string
  /** Stands on small marks, so that colour is never alone. */
  readonly letter: string
  readonly means: string
  /** What does not count: the innocent reading to rule out before confirming. */
  readonly not: string
}

export const CATEGORY: Readonly<Record<Category, CategoryWords>> = {
  dehumanization: {
    name: 'Dehumanization',
    letter: 'H',
    means:
      'A group, or people because they belong to it, equated with animals, disease, dirt, demons or things, or said to be less than human or guilty by birth.',
    not: 'Literal animals or illness; an insult to one person without group ground; corruption or an idea called a disease; old propaganda quoted to condemn it.',
  },
  denial: {
    name: 'Denial',
    letter: 'D',
    means:
      'Says that an atrocity established by courts or historians did not happen, was smaller, deserved, staged or something else; or celebrates those who were convicted of it.',
    not: 'Reporting with distance that somebody denied it; a defendant’s plea; places where no court found genocide; research on numbers that names its sources.',
  },
  incitement: {
    name: 'Incitement',
    letter: 'I',
    means:
      'Calls for, wishes or approves violence, expulsion or discrimination against a group, or invokes the repetition of an atrocity.',
    not: '“Never again” and warnings; police reports of a chant; titles of films; political boycott of an office-holder.',
  },
  threat: {
    name: 'Threat construction',
    letter: 'T',
    means:
      'Paints a group as an imminent danger to “our” survival, purity or women, as an enemy within, or accuses it of preparing what one’s own side would then answer.',
    not: 'Documented threats with evidence; neutral statistics on population; survivors’ fear; ordinary political polemic.',
  },
  'identity-negation': {
    name: 'Identity negation',
    letter: 'N',
    means:
      'Says that a nation, its language, church or name does not exist, is invented, or is really another’s.',
    not: 'Debate among linguists or historians; a person’s account of their own identity.',
  },
  slur: {
    name: 'Slur',
    letter: 'S',
    means:
      'An ethnic or religious slur, a war label used for today’s people, or ethnic marking of a suspect that the story does not need.',
    not: 'Talk about the word itself; historic units; self-designation; facts found by a court.',
  },
}

export const SUBTYPE_MEANS: Readonly<Record<string, string>> = {
  animal: 'animals, vermin, herd',
  disease: 'disease or parasite to be healed from or cut out',
  filth: 'waste or dirt to be cleaned away',
  demon: 'devils or monsters by nature',
  object: 'things, goods, mass, “material”',
  subhuman: 'not people, or not worth as much',
  essence: 'guilty or inferior by birth',
  outright: 'it did not happen',
  numbers: 'far fewer victims, or other ones',
  relativisation: 'a false equivalence that cancels responsibility',
  justification: 'it was deserved, provoked or necessary',
  conspiracy: 'courts, media or services invented it',
  qualification: 'killings yes, the name that a court gave them no',
  glorification: 'praise of convicted persons, their units or deeds',
  violence: 'violence against a group',
  repeat: 'an atrocity is to happen again',
  expulsion: 'a group is to be driven out',
  discrimination: 'do not employ, buy from, rent to',
  condone: 'approval of violence just committed',
  mirror: 'they prepare against us what was done to them',
  existential: 'our survival is at stake because of them',
  purity: 'contamination, being “bred out”',
  women: 'they attack our women',
  loyalty: 'moderates of one’s own side are traitors',
  'fifth-column': 'the group as an enemy within',
  nation: 'the nation is invented',
  culture: 'language, church or name is invented',
  ethnic: 'slur on an ethnic group',
  religious: 'slur on a religion or its followers',
  'war-label': 'a wartime label for today’s people',
  'ethnic-marking': 'ethnic origin named without need',
}

export const SEVERITY: readonly string[] = [
  '',
  'hostile framing',
  'degrading',
  'grave',
  'very grave',
  'incitement',
]

export const VERDICT: Readonly<Record<VerdictValue, { readonly name: string; readonly means: string }>> = {
  confirmed: { name: 'Confirmed', means: 'The passage is what the label says (corrected where you say so).' },
  'reported-speech': {
    name: 'Reported speech',
    means: 'It is such speech, but the article reports, criticises or condemns it.',
  },
  'not-hate': {
    name: 'Not hate',
    means: 'The machine was wrong: an innocent reading, another sense, no group.',
  },
  unclear: { name: 'Unclear', means: 'Cannot be decided from this text; a second person should look.' },
  duplicate: { name: 'Duplicate', means: 'The same statement is recorded already.' },
  'out-of-scope': {
    name: 'Out of scope',
    means: 'No protected group and no established atrocity is concerned.',
  },
}

export const STATUS: Readonly<Record<Status, string>> = {
  pending: 'Pending',
  ...(Object.fromEntries(Object.entries(VERDICT).map(([value, { name }]) => [value, name])) as Record<
    VerdictValue,
    string
  >),
}

export const VOICE: Readonly<Record<Voice, string>> = {
  outlet: 'the outlet itself',
  author: 'the author',
  quoted: 'somebody quoted',
}

export const STANCE: Readonly<Record<Stance, string>> = {
  endorses: 'endorses it',
  relays: 'relays it without comment',
  contextualises: 'puts it in context',
  condemns: 'condemns it',
}

export const LANGUAGE: Readonly<Record<Language, string>> = {
  bs: 'Bosnian',
  hr: 'Croatian',
  sr: 'Serbian',
  cnr: 'Montenegrin',
  hbs: 'BCMS, undecided',
  mk: 'Macedonian',
  sq: 'Albanian',
  en: 'English',
  sl: 'Slovenian',
  und: 'Undetermined',
}

export const SCRIPT: Readonly<Record<Script, string>> = {
  Latn: 'Latin',
  Cyrl: 'Cyrillic',
  mixed: 'both scripts',
  other: 'another script',
}

export const COUNTRY: Readonly<Record<Country, string>> = {
  BA: 'Bosnia and Herzegovina',
  RS: 'Serbia',
  HR: 'Croatia',
  ME: 'Montenegro',
  MK: 'North Macedonia',
  XK: 'Kosovo',
  AL: 'Albania',
  SI: 'Slovenia',
  INT: 'International',
}

export const OUTLET_KIND: Readonly<Record<OutletKind, string>> = {
  public: 'public service',
  commercial: 'commercial',
  tabloid: 'tabloid',
  agency: 'news agency',
  minority: 'minority media',
  church: 'church',
  party: 'party',
  'fact-check': 'fact-checker',
  aggregator: 'aggregator',
}

export const FIELD: Readonly<Record<Field, string>> = { title: 'headline', lead: 'lead', text: 'text' }

export const ADJUDICATION: Readonly<Record<(typeof ADJUDICATIONS)[number], string>> = {
  genocide: 'found to be genocide by a court',
  'crimes-against-humanity': 'found to be crimes against humanity by a court; no court found genocide here',
  'war-crimes': 'found to be war crimes by a court; no court found genocide here',
  'historical-consensus': 'established by the consensus of historians',
  'documented-not-adjudicated': 'documented, not judged by a court',
}

/** Indicators of the UN Framework of Analysis for Atrocity Crimes that a text itself can be evidence of, shortened. */
export const INDICATOR: Readonly<Record<string, string>> = {
  '2.6': 'justification, biased accounts or denial of atrocity crimes',
  '2.7': 'politicization of reconciliation or transitional justice',
  '4.4': 'interest in making an area homogeneous',
  '4.5': 'perceived threats posed by a protected group',
  '4.6': 'perceived support for armed opposition',
  '4.7': 'ideology of supremacy of an identity',
  '4.8': 'politicization of past grievances',
  '4.9': 'desire for revenge',
  '7.13': 'politicization of identity or past events',
  '7.14': 'inflammatory rhetoric or hate speech against protected groups',
  '8.6': 'acts of religious intolerance',
  '8.7': 'acts of incitement or hate propaganda',
  '8.11': 'glorification of perpetrators at commemorations',
  '8.12': 'accountability processes perceived as unfair',
  '9.2': 'denial of the existence or identity of a protected group',
  '9.4': 'serious tensions over rights, security or identity',
  '10.1': 'records that imply intent against a group',
  '10.7': 'strong approval of violence against a group',
  '11.4': 'use of media to incite violence',
  '12.8': 'inciting or tolerating violence',
}

/** An id as words: `fifth-column` is "Fifth column". */
export function spoken(id: string): string {
  const words = id.replaceAll(/[-_]/gu, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The name of a value, or the value where it has none. */
export function named(names: Readonly<Record<string, string>>, value: string): string {
  return names[value] ?? value
}
