/** The parts of a page that a source's own selectors name. */
import type { ExtractRules } from '../core/source.ts'
import { reasonOf } from '../core/errors.ts'
import { isBoilerplate } from './boilerplate.ts'
import { boundedDom } from './bounded-dom.ts'
import { parseDate } from './dates.ts'
import { plainLine, plainText } from './plain-text.ts'

export interface Selected {
  readonly title?: string
  readonly text?: string
  readonly author?: string
  readonly publishedAt?: string
  readonly warnings: readonly string[]
}

/** A selector that finds nothing is a warning, not an error. */
export function selectContent(html: string, rules: ExtractRules): Selected {
  const dom = boundedDom(html)
  if ('refused' in dom) return { warnings: [`the selectors of the source were not used: ${dom.refused}`] }
  const warnings: string[] = []
  try {
    const { $ } = dom
    for (const selector of rules.remove ?? []) $(selector).remove()
    const find = (name: keyof ExtractRules, selector: string | undefined): string | undefined => {
      if (selector === undefined) return undefined
      const found = $(selector).toArray()
      if (found.length === 0)
        warnings.push(`the selector for ${name} found nothing: ${selector.slice(0, 100)}`)
      const parts = found.map(
        element => $(element).attr('datetime') ?? $(element).attr('content') ?? $.html(element),
      )
      return found.length === 0 ? undefined : parts.join('\n')
    }
    const title = plainLine(find('title', rules.title) ?? '')
    const text = paragraphs(plainText(find('text', rules.text) ?? ''))
    const author = plainLine(find('author', rules.author) ?? '')
    const publishedAt = parseDate(plainLine(find('published', rules.published) ?? ''))
    return {
      ...(title && { title }),
      ...(text && { text }),
      ...(author && { author }),
      ...(publishedAt !== undefined && { publishedAt }),
      warnings,
    }
  } catch (thrown) {
    return { warnings: [`the selectors of the source cannot be used: ${reasonOf(thrown).slice(0, 150)}`] }
  }
}

function paragraphs(text: string): string {
  return text
    .split('\n\n')
    .filter(paragraph => !isBoilerplate(paragraph, 0))
    .join('\n\n')
}
