/** A page as a DOM for selectors, if it is safe to make one: counted in a stream, before it is built. */
import { load } from 'cheerio/slim'
import type { CheerioAPI } from 'cheerio/slim'
import { Parser } from 'htmlparser2'

const MAX_DEPTH = 256
const MAX_NODES = 200_000
const MAX_ATTRIBUTES = 512

class Bound extends Error {}

export type BoundedDom = { readonly $: CheerioAPI } | { readonly refused: string }

/** Deep trees make selectors and texts of a DOM take minutes: those are refused, with the reason. */
export function boundedDom(html: string): BoundedDom {
  const refused = refusal(html)
  if (refused !== undefined) return { refused }
  // One root: among 100,000 elements without a parent each selector takes a minute.
  return { $: load(`<div>${html}</div>`) }
}

function refusal(html: string): string | undefined {
  let depth = 0
  let nodes = 0
  let attributes = 0
  const parser = new Parser({
    onopentagname: () => {
      attributes = 0
      if (++depth > MAX_DEPTH) throw new Bound(`more than ${String(MAX_DEPTH)} elements inside one another`)
      if (++nodes > MAX_NODES) throw new Bound(`more than ${String(MAX_NODES)} elements`)
    },
    onattribute: () => {
      if (++attributes > MAX_ATTRIBUTES)
        throw new Bound(`an element with more than ${String(MAX_ATTRIBUTES)} attributes`)
    },
    onclosetag: () => {
      depth--
    },
  })
  try {
    parser.end(html)
    return undefined
  } catch (thrown) {
    if (thrown instanceof Bound) return thrown.message
    throw thrown
  }
}
