/** What a flag says to the person who decides: what the passage does, and how it could be innocent. */
import type { Category, Subtype } from '../core/labels.ts'

interface Reason {
  readonly says: string
  readonly innocent: string
}

const REASONS: Readonly<Record<Subtype, Reason>> = {
  animal: {
    says: 'speaks of a group as of animals',
    innocent: 'real animals, farming or sport; a nickname the group uses itself',
  },
  disease: {
    says: 'speaks of a group as of a disease',
    innocent: 'medical news; a disease as a picture for an idea, not for people',
  },
  filth: {
    says: 'speaks of a group as of dirt to be removed',
    innocent: 'news about waste; scum said of criminals, not of a group',
  },
  demon: {
    says: 'speaks of a group as of devils or monsters',
    innocent: 'the deeds of one convicted person; religion, film',
  },
  object: {
    says: 'speaks of a group as of a mass or material',
    innocent: 'statistics; a report about human shields',
  },
  subhuman: {
    says: 'denies that a group is human, or fully so',
    innocent: 'the view of victims who were treated so; quoted to condemn it',
  },
  essence: {
    says: 'calls a group guilty or inferior by birth',
    innocent: 'a complaint about being called so; a finding of research',
  },
  outright: {
    says: 'claims that the crime did not happen',
    innocent: 'the report that somebody denied it; a plea in court',
  },
  numbers: {
    says: 'plays down the number or the innocence of the victims',
    innocent: 'research with sources; a correction by an institution; other numbers',
  },
  relativisation: {
    says: 'sets other crimes against this one to cancel it',
    innocent: 'remembrance of other victims in their own right',
  },
  justification: {
    says: 'calls the crime deserved, provoked or needed',
    innocent: 'an analysis of causes that leaves responsibility where it is',
  },
  conspiracy: {
    says: 'claims that the crime or its proof was invented',
    innocent: 'a report on a real forgery; an argued critique of a judgment',
  },
  qualification: {
    says: 'admits deaths but disputes that it was the crime the courts found',
    innocent: 'an event for which no court found genocide; a discussion of law',
  },
  glorification: {
    says: 'praises a person or a cause bound up with the crime',
    innocent: 'a report of the praise; an obituary; another person of that name',
  },
  violence: {
    says: 'calls for or wishes violence against a group',
    innocent: 'a police report of a chant; a title; history',
  },
  repeat: {
    says: 'calls for the crime to happen again, or threatens it',
    innocent: 'a warning that it must not happen again',
  },
  expulsion: {
    says: 'calls for a group to be driven out',
    innocent: 'a report of past expulsion; talks on borders or return',
  },
  discrimination: {
    says: 'calls for a group to be shut out',
    innocent: 'a boycott of an office-holder or a state',
  },
  condone: { says: 'approves of violence that was done', innocent: 'a report of such approval' },
  mirror: {
    says: 'accuses a group of preparing an attack, without proof',
    innocent: 'a documented threat; the fear of survivors',
  },
  existential: {
    says: 'says that a group or project threatens our survival',
    innocent: 'population statistics; a debate on policy',
  },
  purity: { says: 'says that a group contaminates or outnumbers us', innocent: 'birth rates without blame' },
  women: { says: 'says that a group attacks our women', innocent: 'a report of a real crime' },
  loyalty: { says: 'calls moderates of the own side traitors', innocent: 'ordinary political dispute' },
  'fifth-column': {
    says: 'calls a group an enemy within',
    innocent: 'a spy case; a figure of speech in sport',
  },
  nation: {
    says: 'says that a nation does not exist or is really another',
    innocent: 'a scholarly debate; a report of such a claim',
  },
  culture: {
    says: 'says that a language, church or name does not exist',
    innocent: 'a debate among linguists',
  },
  ethnic: {
    says: 'uses a hostile name for an ethnic group',
    innocent: 'speaks about the word; a surname, place or title; a name people use of themselves',
  },
  religious: { says: 'uses a hostile name for a religion or its people', innocent: 'speaks about the word' },
  'war-label': {
    says: "uses a war-time enemy's name for people of today",
    innocent: 'historical units; facts of a court; what people call themselves',
  },
  'ethnic-marking': {
    says: 'names the ethnicity of a suspect without need',
    innocent: 'the ethnicity is part of the story',
  },
}

export function reasonOf(subtype: Subtype): Reason {
  return REASONS[subtype]
}

/** Indicators of the UN Framework of Analysis for Atrocity Crimes that a label contributes evidence to. */
const INDICATORS: Readonly<Record<Category, readonly string[]>> = {
  dehumanization: ['7.14', '9.4'],
  denial: ['2.6'],
  incitement: ['8.7', '11.4'],
  threat: ['4.5', '7.13'],
  'identity-negation': ['9.2', '7.13'],
  slur: ['7.14'],
}
const OF_SUBTYPE: Readonly<Partial<Record<Subtype, readonly string[]>>> = {
  justification: ['2.6', '4.8'],
  glorification: ['2.6', '8.11'],
  violence: ['8.7', '10.1', '11.4'],
  expulsion: ['4.4', '8.7'],
  // No violence is called for, so not 11.4.
  discrimination: ['7.14', '8.7'],
  condone: ['8.7', '10.7'],
  purity: ['4.4', '4.7', '7.13'],
  loyalty: ['4.5', '4.6'],
  'fifth-column': ['4.5', '4.6'],
}

export interface Circumstances {
  /** The sentence speaks of a court. */
  readonly court: boolean
  /** A call to clean out or exterminate stands with the picture. */
  readonly removal: boolean
  /** A group is named. */
  readonly group: boolean
}

/** What a flag contributes evidence to; a reviewer may add what the text alone does not show (who speaks, which day). */
export function indicatorsOf(
  category: Category,
  subtype: Subtype,
  { court, removal, group }: Circumstances,
): string[] {
  const indicators = new Set(OF_SUBTYPE[subtype] ?? INDICATORS[category])
  // Accountability perceived as unfair.
  if (subtype === 'conspiracy' && court) indicators.add('8.12')
  // Intent to destroy a group as such.
  if ((category === 'dehumanization' && removal) || (subtype === 'repeat' && group)) indicators.add('10.1')
  return [...indicators].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b))
}
