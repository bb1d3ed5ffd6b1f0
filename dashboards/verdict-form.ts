/** The form that decides about a passage, and the badges that say where it stands. */
import { html } from 'hono/html'
import type { FlagDocument } from '../core/document.ts'
import { SUBTYPES, CATEGORIES, STANCES, VERDICTS, VOICES } from '../core/labels.ts'
import { labelsOf } from '../core/query-fields.ts'
import type { AtrocityEvent } from '../core/reference.ts'
import type { Html } from './format.ts'
import { count } from './format.ts'
import { CATEGORY, SEVERITY, spoken, STANCE, STATUS, VERDICT, VOICE } from './words.ts'

export interface VerdictFormParts {
  readonly flag: FlagDocument
  /** Other flags with the same statement, which one decision can decide. */
  readonly copies: readonly FlagDocument[]
  /** Where to go afterwards: a path of ours. */
  readonly back: string
  /** Take the next item of the queue afterwards; the filters of the queue as a query string. */
  readonly next?: string
  readonly events: readonly AtrocityEvent[]
  readonly current?: string
  /** Corrections, note and second opinion can be given. */
  readonly full: boolean
  /** Only the card is exchanged where scripts run. */
  readonly swap?: boolean
}

export function verdictForm({
  flag,
  copies,
  back,
  next,
  events,
  current,
  full,
  swap,
}: VerdictFormParts): Html {
  const id = flag.id
  return html`<form
    method="post"
    action="/verdicts"
    class="verdict"
    ${swap ? html` hx-post="/verdicts" hx-target="closest [data-card]" hx-swap="outerHTML"` : ''}
  >
    <input type="hidden" name="flag" value="${id}" />
    <input type="hidden" name="back" value="${back}" />
    ${next === undefined ? '' : html`<input type="hidden" name="next" value="${next}" />`}
    ${copies.map(copy => html`<input type="hidden" name="copy" value="${copy.id}" />`)}
    ${copies.length > 0 ? html`<label class="check"><input type="checkbox" name="copies" checked /> Decide ${count(copies.length, 'copy', 'copies')} of it too</label>` : ''}
    <div class="verdict-keys" role="group" aria-label="Decision">
      ${VERDICTS.map(
        (value, at) =>
          html`<button
            name="decision"
            value="${value}"
            data-key="${at + 1}"
            title="${VERDICT[value].means}"
            ${current === value ? html` class="chosen" aria-pressed="true"` : ''}
          >
            <kbd aria-hidden="true">${at + 1}</kbd> ${VERDICT[value].name}
          </button>`,
      )}
    </div>
    ${full ? fullFields(flag, events) : ''}
  </form>`
}

function fullFields(flag: FlagDocument, events: readonly AtrocityEvent[]): Html {
  const labels = labelsOf(flag)
  const { verdict } = flag.standing
  return html`<label class="note"
      >Note <textarea name="note" rows="2" maxlength="4000" data-note></textarea>
    </label>
    <label class="check"
      ><input type="checkbox" name="askSecond" data-second${verdict?.askSecond ? html` checked` : ''} /> Ask
      for a second opinion</label
    >
    <details class="correct">
      <summary>Correct the labels</summary>
      <p class="hint">Choose what it should be, then decide above.</p>
      <div class="fields">
        <label
          >Label
          <select name="label">
            <option value="">as it is</option>
            ${CATEGORIES.map(
              category =>
                html`<optgroup label="${CATEGORY[category].name}">
                  ${SUBTYPES[category].map(subtype => html`<option value="${category}/${subtype}" ${labels.category === category && labels.subtype === subtype ? html` disabled` : ''}>${spoken(subtype)}</option>`)}
                </optgroup>`,
            )}
          </select></label
        >
        <label
          >Severity
          <select name="severity">
            <option value="">as it is (${labels.severity})</option>
            ${[1, 2, 3, 4, 5].map(value => html`<option value="${value}">${value} – ${SEVERITY[value]}</option>`)}
          </select></label
        >
        <label
          >Who says it
          <select name="voice">
            <option value="">as it is (${VOICE[labels.voice]})</option>
            ${VOICES.map(value => html`<option value="${value}">${VOICE[value]}</option>`)}
          </select></label
        >
        <label
          >The article
          <select name="stance">
            <option value="">as it is (${STANCE[labels.stance]})</option>
            ${STANCES.map(value => html`<option value="${value}">${STANCE[value]}</option>`)}
          </select></label
        >
        <label
          >Event
          <select name="event">
            <option value="">as it is</option>
            ${events.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}
          </select></label
        >
      </div>
    </details>`
}

export function categoryBadge(flag: FlagDocument): Html {
  const { category, subtype } = labelsOf(flag)
  return html`<span class="badge cat ${CATEGORY[category].letter}"
    ><b aria-hidden="true">${CATEGORY[category].letter}</b> ${CATEGORY[category].name}
    <span class="sub">${spoken(subtype).toLowerCase()}</span></span
  >`
}

/** Five small bars say it without reading; the words say it to everybody. */
export function severityBadge(flag: FlagDocument): Html {
  const { severity } = labelsOf(flag)
  return html`<span class="sev" title="Severity ${severity} of 5: ${SEVERITY[severity]}"
    ><span class="sev-bars s${severity}" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></span>
    ${severity} <span class="sub">${SEVERITY[severity]}</span></span
  >`
}

export function statusBadge(flag: FlagDocument): Html {
  const { status, waitingForSecond, disagreement } = flag.standing
  return html`<span class="badge status ${status}">${STATUS[status]}</span
    >${waitingForSecond ? html` <span class="badge second">waits for a second opinion</span>` : ''}${disagreement ? html` <span class="badge disagree">reviewers disagree</span>` : ''}${flag.retired ? html` <span class="badge">no longer found</span>` : ''}`
}

const BLIND_SHARE = 0.1

/** One flag in ten is decided without seeing how sure the machine is, to measure how much the number sways people. */
export function isBlind(flagId: string): boolean {
  return Number.parseInt(flagId.slice(6, 12), 16) / 0x1000000 < BLIND_SHARE
}
