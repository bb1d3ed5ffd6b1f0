/** Parts of the item page: the card of a passage with its reasons, and the facts about the article. */
import { html } from 'hono/html'
import type { Decision } from '../core/decision.ts'
import type { ArticleDocument, FlagDocument } from '../core/document.ts'
import { labelsOf } from '../core/query-fields.ts'
import type { WebDeps } from './deps.ts'
import { nearestExamples } from './example-passages.ts'
import { bytes, time } from './format.ts'
import type { Html } from './format.ts'
import { langOf, originalHref, webAddress } from './passages.ts'
import { can } from './permissions.ts'
import { deskText, hasDecided, isHiddenFrom } from './review-desk.ts'
import type { Desk } from './review-desk.ts'
import { searchHref } from './search-state.ts'
import type { Account } from './store/accounts.ts'
import { standingVerdict } from './store/decisions.ts'
import { categoryBadge, isBlind, severityBadge, statusBadge, verdictForm } from './verdict-form.ts'
import {
  ADJUDICATION,
  CATEGORY,
  COUNTRY,
  INDICATOR,
  LANGUAGE,
  OUTLET_KIND,
  SCRIPT,
  spoken,
  STANCE,
  VERDICT,
  VOICE,
} from './words.ts'

interface CardParts {
  readonly deps: WebDeps
  readonly user: Account
  readonly flag: FlagDocument
  readonly number: number
  readonly document: ArticleDocument
  /** Path of this page, to come back to. */
  readonly here: string
  readonly desk: Desk | undefined
  readonly copies: readonly FlagDocument[]
  readonly isCurrent: boolean
}

export function flagCard({
  deps,
  user,
  flag,
  number,
  document,
  here,
  desk,
  copies,
  isCurrent,
}: CardParts): Html {
  const isHidden = isHiddenFrom(deps, user, flag)
  const own = standingVerdict(
    document.decisions.filter(one => 'flagId' in one && one.flagId === flag.id),
    user.id,
  )
  return html`<article
    class="card ${CATEGORY[labelsOf(flag).category].letter}"
    data-card
    tabindex="-1"
    id="${flag.id}"
    aria-labelledby="t-${flag.id}"
    ${isCurrent ? html` data-current` : ''}
  >
    <header class="card-head">
      <h3 id="t-${flag.id}">
        <a href="#s-${number}" class="number" aria-label="Passage ${number}">${number}</a>
        ${categoryBadge(flag)}
      </h3>
      ${severityBadge(flag)}
    </header>
    <p class="card-state">
      ${isHidden ? html`<span class="badge second">waits for your second opinion</span>` : statusBadge(flag)}
    </p>
    <p class="why">${flag.why}</p>
    ${facts(deps, flag, isBlind(flag.id) && !hasDecided(deps, user, flag) && can(user, 'review'))}
    ${
      can(user, 'review')
        ? verdictForm({
            flag,
            copies,
            back: `${here}#${flag.id}`,
            events: deps.events,
            full: true,
            ...(desk && isCurrent && { next: deskText(desk) }),
            ...(own && { current: own.decision }),
          })
        : ''
    }
    ${can(user, 'review') ? nearestExamples(flag, deps.example) : ''} ${origin(flag)}
    ${isHidden ? html`<p class="hint">What the first reviewer decided is shown after your own decision.</p>` : history(deps, flag, document.decisions)}
    ${can(user, 'review') ? ruleNote(flag, here) : ''}
  </article>`
}

function facts(deps: WebDeps, flag: FlagDocument, isBlinded: boolean): Html {
  const { targets, event, voice, stance, category } = labelsOf(flag)
  const known = deps.events.find(({ id }) => id === event)
  return html`<dl class="facts">
    ${
      targets.length > 0
        ? fact(
            'About',
            targets.map(
              (target, at) =>
                html`${at > 0 ? ', ' : ''}<a
                    href="${searchHref({ filters: [{ field: 'target', value: target }] })}"
                    >${spoken(target)}</a
                  >`,
            ),
          )
        : ''
    }
    ${
      event === undefined
        ? ''
        : fact(
            'Event',
            known
              ? html`${known.name}: ${ADJUDICATION[known.adjudication]}.
                  <details class="inline">
                    <summary>Findings</summary>
                    <ul>
                      ${known.findings.map(finding => html`<li>${finding}</li>`)}
                    </ul>
                    ${known.note ? html`<p>${known.note}</p>` : ''}
                  </details>`
              : event,
          )
    }
    ${fact('Said by', html`${VOICE[voice]}${flag.speaker ? html` – ${flag.speaker}` : ''}; the article ${STANCE[stance]}`)}
    ${fact('Confidence', isBlinded ? 'hidden until you have decided (one passage in ten)' : html`${Math.round(flag.confidence * 100)} %${flag.alert ? ', precise enough to be sent unreviewed' : ''}`)}
    ${flag.evasive ? fact('Spelling', 'letters were changed, as if to escape a filter') : ''}
    ${fact('Innocent reading', CATEGORY[category].not)}
  </dl>`
}

/** What is needed less often than the reasons. */
function origin(flag: FlagDocument): Html {
  return html`<details class="origin">
    <summary>Rule and UN Framework</summary>
    <dl class="facts">
      ${
        flag.indicators.length > 0
          ? fact(
              'UN Framework',
              flag.indicators.map((id, at) => html`${at > 0 ? '; ' : ''}${id} ${INDICATOR[id] ?? ''}`),
            )
          : ''
      }
      ${fact('Rule', html`<a href="${searchHref({ filters: [{ field: 'rule', value: flag.rule }] })}"><code>${flag.rule}</code></a> <span class="meta">lexicon ${flag.madeBy.lexicon.slice(0, 8)}${flag.madeBy.model ? `, model ${flag.madeBy.model}` : ''}</span>`)}
      ${flag.tier ? fact('Found by', FOUND_BY[flag.tier]) : ''}
    </dl>
  </details>`
}

const FOUND_BY = {
  rules: 'the rules',
  model: 'the model alone',
  both: 'rules and model',
} as const

function fact(name: string, value: Html | string | readonly Html[]): Html {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`
}

function history(deps: WebDeps, flag: FlagDocument, decisions: readonly Decision[]): Html {
  const about = decisions.filter(one => 'flagId' in one && one.flagId === flag.id)
  if (about.length === 0) return html`<p class="hint">Nobody has decided yet.</p>`
  return html`<details class="history" open>
    <summary>History</summary>
    <ol>
      ${about.map(
        one =>
          html`<li>
            <strong>${deps.store.accounts.get(one.by)?.name ?? 'a former account'}</strong> ${deed(one)}
            <span class="meta">${time(one.at)}</span>${one.note ? html`<br /><q>${one.note}</q>` : ''}
          </li>`,
      )}
    </ol>
  </details>`
}

function deed(decision: Decision): Html | string {
  if (decision.kind === 'undo') return 'took the decision back'
  if (decision.kind === 'rule-note') return html`noted about rule <code>${decision.rule}</code>`
  if (decision.kind !== 'verdict') return decision.kind
  const corrections = Object.entries(decision.corrected ?? {}).map(
    ([name, value]) => `${name} ${Array.isArray(value) ? value.join(', ') : String(value)}`,
  )
  return html`decided
    <strong>${VERDICT[decision.decision].name}</strong
    >${corrections.length > 0 ? ` with ${corrections.join(', ')}` : ''}${decision.askSecond ? ', and asks for a second opinion' : ''}`
}

function ruleNote(flag: FlagDocument, here: string): Html {
  return html`<details class="rule-note">
    <summary>This rule is wrong</summary>
    <form method="post" action="/flags/${flag.id}/rule-note" class="stack">
      <input type="hidden" name="back" value="${here}#${flag.id}" />
      <label
        >What should it do instead? <textarea name="note" rows="2" maxlength="4000" required></textarea>
      </label>
      <button>Send to the editors of the lexicon</button>
    </form>
  </details>`
}

export async function articleFacts(
  deps: WebDeps,
  { article, language, script, flags }: ArticleDocument,
  user: Account,
): Promise<Html> {
  const original = originalHref(
    article.url,
    flags.find(({ retired, field }) => !retired && field === 'text')?.quote,
  )
  const canonical = article.canonicalUrl === undefined ? undefined : webAddress(article.canonicalUrl)
  const evidence = can(user, 'evidence') ? await deps.evidence?.get(article.evidence.rawHash) : undefined
  return html`<section class="about" aria-labelledby="about">
    <h2 id="about">About this article</h2>
    <dl class="facts">
      ${fact('Outlet', html`<a href="${searchHref({ filters: [{ field: 'source', value: article.sourceId }] })}">${article.outlet.name}</a>${article.outlet.country ? `, ${COUNTRY[article.outlet.country]}` : ''}${article.outlet.kind ? `, ${OUTLET_KIND[article.outlet.kind]}` : ''}`)}
      ${article.author ? fact('Author', html`<span lang="${langOf(language, script)}">${article.author}</span>`) : ''}
      ${article.section ? fact('Section', article.section) : ''}
      ${fact('Language', html`${language ? LANGUAGE[language] : 'not read yet'}${script ? `, ${SCRIPT[script]}` : ''}`)}
      ${fact('Published', article.publishedAt ? time(article.publishedAt) : 'not said')}
      ${fact('First seen', time(article.firstSeenAt))}
      ${fact('This version', html`revision ${article.revision}${article.revision > 0 ? ' (the article was edited after we first saw it)' : ''}, fetched ${time(article.fetchedAt)}`)}
      ${fact('Original', original ? html`<a href="${original}" rel="noopener noreferrer nofollow" target="_blank" data-key="o">Open the live page</a> <span class="meta">may have changed; the outlet will see a visit</span>` : html`<span class="meta">no web address: ${article.url}</span>`)}
      ${canonical && canonical !== webAddress(article.url) ? fact('Also at', html`<span class="meta">${canonical}</span>`) : ''}
      ${fact('Evidence', html`${bytes(article.evidence.bytes)}, SHA-256 <code class="hash">${article.evidence.rawHash}</code>`)}
      ${evidence ? fact('Captured', html`${time(evidence.startedAt)}${evidence.status === undefined ? '' : `, HTTP ${evidence.status}`}${evidence.address ? ` from ${evidence.address}` : ''}${evidence.redirects.length > 0 ? `, after ${evidence.redirects.length} redirects` : ''}. `) : ''}
      ${evidence ? fact('Bytes', html`<a href="/items/${article.id}/evidence">Download the capture</a> <span class="meta">open it with care: it is the page as the outlet sent it</span>`) : ''}
    </dl>
    ${
      can(user, 'delete')
        ? html`<details class="danger">
            <summary>Delete this article</summary>
            <form method="post" action="/items/${article.id}/delete" class="stack">
              <label
                >Why (kept with the fact of the deletion)
                <input name="reason" required minlength="5" maxlength="1000" /></label
              ><button>Delete words and evidence for good</button>
            </form>
          </details>`
        : ''
    }
  </section>`
}
