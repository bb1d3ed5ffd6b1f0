/** FlagDocument: a flag with the fields of its article copied in, the unit of search, alerts and the API. ArticleDocument: an article as the index shows it. */
import type { ArticleHead } from './article.ts'
import type { Decision, Standing } from './decision.ts'
import type { Finding, Flag, MadeBy } from './finding.ts'
import type { Language, Script } from './labels.ts'

export interface FlagDocument extends Flag {
  readonly article: ArticleHead
  readonly language: Language
  readonly script: Script
  readonly madeBy: MadeBy
  readonly madeAt: string
  /** The newest finding no longer has it: the article was edited or the lexicon changed. Never deleted, never counted. */
  readonly retired: boolean
  readonly standing: Standing
}

export interface ArticleDocument {
  readonly article: ArticleHead
  readonly lead?: string
  /** Absent when the text has expired or was deleted. */
  readonly text?: string
  /** Absent until the classifier has read it. */
  readonly language?: Language
  readonly script?: Script
  readonly flagged: boolean
  readonly madeBy?: MadeBy
  /** All flags ever made, retired ones too, in order of their place in the article. */
  readonly flags: readonly FlagDocument[]
  readonly decisions: readonly Decision[]
  /** A person had it deleted: words and evidence are gone. */
  readonly deleted: boolean
}

/** The document of a flag of a finding. */
export function flagDocument(
  finding: Finding,
  flag: Flag,
  standing: Standing,
  retired = false,
): FlagDocument {
  return {
    ...flag,
    article: finding.article,
    language: finding.language,
    script: finding.script,
    madeBy: finding.madeBy,
    madeAt: finding.madeAt,
    retired,
    standing,
  }
}
