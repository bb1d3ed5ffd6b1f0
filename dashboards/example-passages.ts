/** The labelled passages that the model finds most like a flag: the reason of a model, for those who decide. */
import { html } from 'hono/html'
import type { FlagDocument } from '../core/document.ts'
import type { Language } from '../core/labels.ts'
import type { Html } from './format.ts'
import { langOf } from './passages.ts'
import { LANGUAGE } from './words.ts'

/** A passage of the corpus; written for it, of invented outlets. */
export interface ExamplePassage {
  readonly language: Language
  /** `none`, or category and subtype. */
  readonly label: string
  readonly before: string
  readonly marked: string
  readonly after: string
}

/** Undefined where the corpus no longer has it. */
export type FindExample = (id: string) => ExamplePassage | undefined

export function nearestExamples(flag: FlagDocument, find: FindExample | undefined): Html | string {
  const known = (flag.examples ?? []).flatMap(({ id, similarity }) => {
    const passage = find?.(id)
    return passage ? [{ id, similarity, passage }] : []
  })
  if (known.length === 0) return ''
  return html`<details class="examples">
    <summary>Passages the model finds most alike</summary>
    <p class="hint">Written as examples; no outlet has published them.</p>
    <ul>
      ${known.map(
        ({ id, similarity, passage }) =>
          html`<li>
            <strong>${passage.label === 'none' ? 'harmless' : passage.label.replace('/', ', ')}</strong>
            <span class="meta"><code>${id}</code>, ${LANGUAGE[passage.language]}, ${Math.round(similarity * 100)} % alike</span>
            ${covered(passage)}
          </li>`,
      )}
    </ul>
  </details>`
}

function covered({ language, before, marked, after }: ExamplePassage): Html {
  return html`<details class="cover block" data-cover>
    <summary>
      <span class="cover-closed">Example covered: show it</span><span class="cover-open">Cover the example</span>
    </summary>
    <blockquote lang="${langOf(language, undefined)}"><p>${before}<mark>${marked}</mark>${after}</p></blockquote>
  </details>`
}
