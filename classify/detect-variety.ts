/** Bosnian, Croatian, Montenegrin or Serbian: the letter groups of the model and telling words vote, the outlet has a say. */
import type { Language, Script } from '../core/labels.ts'
import type { Detection, DetectOptions } from './detect-language.ts'
import type { VarietyEvidence } from './language-model/evidence.ts'
import { round, shares } from './language-model/shares.ts'
import { languageModel } from './language-model/shipped.ts'
import { MONTENEGRIN, VARIETIES } from './languages.ts'

const VOTERS = ['bs', 'hr', 'sr', 'cnr'] as const
type Variety = (typeof VOTERS)[number]

/** What one word of each list adds to each variety. */
const WEIGHTS = VARIETIES.map(({ speaksFor, weight }) =>
  VOTERS.map(language => (speaksFor.includes(language) ? weight : 0)),
)

/** From this share on a variety is named; below it is `hbs`. Letter groups alone must be surer: they know the subject, too. */
const VARIETY_TOLD = 0.75
const VARIETY_TOLD_BY_LETTERS = 0.9
/** The model's say beside the telling words'. More would name more varieties, and more of them wrongly. */
const MODEL_WEIGHT = 1.1
/** More votes than this say no more than these: a long text is not surer than its language. */
const MOST_VOTES = 8
const VARIETY_PRIOR = 5.5
const VARIETY_SOURCE_PRIOR = 2
/** Montenegrin is a fortieth of what is written in the four, and Bosnian and Croatian are hardly written in Cyrillic. */
const RARE = 2.5

/** @param sure how sure it is that the text is one of the four at all, 0 to 1 */
export function varietyOf(
  evidence: VarietyEvidence,
  script: Script,
  sure: number,
  options: DetectOptions,
): Detection {
  const votes = votesOf(evidence)
  const shared = shares(varietyOdds(evidence, votes, script, options), VOTERS)
  const first = shared[0]!
  const told =
    first.score >= VARIETY_TOLD_BY_LETTERS ||
    (first.score >= VARIETY_TOLD &&
      (options.declared === first.language || isVotedFor(votes, first.language)))
  return {
    language: told ? first.language : 'hbs',
    script,
    confidence: told ? round(sure * first.score) : sure,
    familyConfidence: sure,
    candidates: shared,
  }
}

/** What the telling words say of each variety. */
function votesOf({ counts, rare }: VarietyEvidence): number[] {
  const votes = [0, 0, 0, rare * MONTENEGRIN.weight]
  for (let list = 0; list < counts.length; list++) {
    const count = counts[list]!
    if (count === 0) continue
    const weights = WEIGHTS[list]!
    for (let at = 0; at < votes.length; at++) votes[at]! += count * weights[at]!
  }
  return votes
}

/** Whether the telling words put a variety before the last of the others. */
function isVotedFor(votes: readonly number[], language: Language): boolean {
  return votes[VOTERS.indexOf(language as Variety)]! > Math.min(...votes)
}

function varietyOdds(
  { odds: learned }: VarietyEvidence,
  votes: readonly number[],
  script: Script,
  { declared, sourceLanguages }: DetectOptions,
): number[] {
  let cast = 0
  for (const vote of votes) if (vote > cast) cast = vote
  const scale = cast > MOST_VOTES ? MOST_VOTES / cast : 1
  const odds: number[] = []
  for (let at = 0; at < VOTERS.length; at++) {
    const language = VOTERS[at]!
    let one = learned[LEARNED[at]!]! * MODEL_WEIGHT + votes[at]! * scale
    if (language === 'cnr') one -= RARE
    if (script === 'Cyrl' && (language === 'bs' || language === 'hr')) one -= RARE
    if (declared === language) one += VARIETY_PRIOR
    if (sourceLanguages?.includes(language)) one += VARIETY_SOURCE_PRIOR
    odds.push(one)
  }
  return odds
}

/** The model has learned no Montenegrin: it is nearest to Bosnian. */
const LEARNED = VOTERS.map(language =>
  languageModel.variety.classes.indexOf(language === 'cnr' ? 'bs' : language),
)
