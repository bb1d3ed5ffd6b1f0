/** What a change of a lexicon does to real articles: which flags come, which go, which are only judged otherwise. */
import type { ClassifierInput } from './article-texts.ts'
import type { Classifier } from './classifier.ts'
import type { Flag } from '../core/finding.ts'

export interface Sample {
  readonly article: string
  readonly quote: string
}

export interface RuleChange {
  readonly rule: string
  come: number
  gone: number
  /** Same passage and category, another rule, severity or confidence. */
  changed: number
  readonly samples: { readonly come: Sample[]; readonly gone: Sample[] }
}

export interface LexiconDiff {
  readonly articles: number
  readonly flagsBefore: number
  readonly flagsAfter: number
  /** Most changes first. */
  readonly rules: readonly RuleChange[]
}

/** Longest quote kept as a sample. */
const MAX_QUOTE = 120

export interface DiffOptions {
  readonly before: Classifier
  readonly after: Classifier
  /** Most samples kept per rule, of those that come and of those that go. */
  readonly samples: number
}

/** Takes articles one at a time; `result` may be asked at any time. */
export function lexiconDiff({ before, after, samples }: DiffOptions): {
  add(article: ClassifierInput): void
  result(): LexiconDiff
} {
  const rules = new Map<string, RuleChange>()
  const of = (rule: string): RuleChange => {
    const change = rules.get(rule) ?? { rule, come: 0, gone: 0, changed: 0, samples: { come: [], gone: [] } }
    rules.set(rule, change)
    return change
  }
  const keep = (list: Sample[], article: string, { quote }: Flag): void => {
    if (list.length < samples) list.push({ article, quote: quote.slice(0, MAX_QUOTE).toWellFormed() })
  }
  let articles = 0
  let flagsBefore = 0
  let flagsAfter = 0
  return {
    add(article) {
      const old = before.classify(article).flags
      const now = after.classify(article).flags
      articles += 1
      flagsBefore += old.length
      flagsAfter += now.length
      const oldById = new Map(old.map(flag => [flag.id, flag]))
      for (const flag of now) {
        const same = oldById.get(flag.id)
        oldById.delete(flag.id)
        if (!same) {
          of(flag.rule).come += 1
          keep(of(flag.rule).samples.come, article.id, flag)
        } else if (
          same.rule !== flag.rule ||
          same.severity !== flag.severity ||
          same.confidence !== flag.confidence
        ) {
          of(flag.rule).changed += 1
        }
      }
      for (const flag of oldById.values()) {
        of(flag.rule).gone += 1
        keep(of(flag.rule).samples.gone, article.id, flag)
      }
    },
    result: () => ({
      articles,
      flagsBefore,
      flagsAfter,
      rules: [...rules.values()].sort(
        (a, b) => sum(b) - sum(a) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
      ),
    }),
  }
}

const sum = ({ come, gone, changed }: RuleChange): number => come + gone + changed
