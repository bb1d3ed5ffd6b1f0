/** Finds the article among the blocks of a page: paragraphs score for the blocks they stand in, links weigh against. */
import { labelScore } from './block-hints.ts'
import type { Block } from './block-tree.ts'

interface Measure {
  text: number
  links: number
  anchors: number
  /** Text in paragraphs: 80 characters or more, less than 30 % of it links. */
  prose: number
  /** Paragraphs, headings, list items below. */
  paragraphs: number
  score: number
  pruned: boolean
}

/** Shortest block that scores; shorter ones are labels. */
const MIN_PARAGRAPH = 25
export const PROSE_LENGTH = 80
const PROSE_LINKS = 0.3
/** An unlikely block that holds more of all prose than this is the article all the same. */
const KEPT_SHARE = 0.4
/** Prose on the shown part of a page from which on the hidden part is never the article, in characters. */
const ENOUGH_SHOWN = 500

/** The block that is the article, and what was measured; undefined where nothing reads like one. */
export function findContent(root: Block): { readonly best: Block; readonly measures: Measures } | undefined {
  const measures = new Measures(root)
  const best = measures.best()
  return best && { best, measures }
}

export class Measures {
  readonly #of = new Map<Block, Measure>()
  readonly #root: Block

  constructor(root: Block) {
    this.#root = root
    this.#measure(root)
    // Hidden blocks first: a page may hold a hidden list of other articles longer than its own.
    if (this.of(root).prose - hiddenProse(root, this) >= ENOUGH_SHOWN) {
      this.#prune(root, block => block.hint === 'hidden')
      this.#measure(root)
    }
    const all = this.of(root).prose
    this.#prune(
      root,
      block => isDoubtful(block) && (isList(block.tag) || this.of(block).prose <= KEPT_SHARE * all),
    )
    this.#measure(root)
    this.#score(root)
  }

  of(block: Block): Measure {
    return this.#of.get(block)!
  }

  linkShare(block: Block): number {
    const { text, links } = this.of(block)
    return text === 0 ? 0 : links / text
  }

  /** Bottom-up sums; depth is bounded by the reader of the page. */
  #measure(block: Block): Measure {
    const pruned = this.#of.get(block)?.pruned ?? false
    const sum: Measure = {
      text: block.ownText,
      links: block.ownLinks,
      anchors: block.anchors,
      prose: 0,
      paragraphs: 0,
      score: 0,
      pruned,
    }
    if (block.ownText >= PROSE_LENGTH && block.ownLinks < PROSE_LINKS * block.ownText)
      sum.prose = block.ownText
    if (block.ownText >= MIN_PARAGRAPH) sum.paragraphs = 1
    for (const child of block.content) {
      if (typeof child === 'string') continue
      const below = this.#measure(child)
      if (below.pruned) continue
      sum.text += below.text
      sum.links += below.links
      sum.anchors += below.anchors
      sum.prose += below.prose
      sum.paragraphs += below.paragraphs
    }
    this.#of.set(block, sum)
    return sum
  }

  #prune(block: Block, drop: (block: Block) => boolean): void {
    if (drop(block)) this.of(block).pruned = true
    else for (const child of block.content) if (typeof child !== 'string') this.#prune(child, drop)
  }

  #score(block: Block): void {
    if (this.of(block).pruned) return
    if (block.ownText >= MIN_PARAGRAPH) this.#give(block)
    for (const child of block.content) if (typeof child !== 'string') this.#score(child)
  }

  /** A paragraph gives its parent all of its points, and those above less and less. */
  #give(block: Block): void {
    const share = block.ownLinks / block.ownText
    const points = (1 + commas(block) + Math.min(Math.floor(block.ownText / 100), 3)) * (1 - share)
    let divisor = 1
    // Text that stands in a container itself, between line breaks, scores for the container.
    let above = isParagraph(block.tag) ? block.parent : block
    for (let level = 0; above && level < 5; level++) {
      const measure = this.of(above)
      if (measure.score === 0) measure.score = startScore(above)
      measure.score += points / divisor
      divisor = level === 0 ? 2 : (level + 1) * 3
      above = above.parent
    }
  }

  /** The block with most points, less its share of links; or the ancestor that several good ones share. */
  best(): Block | undefined {
    const ranked = this.candidates()
    const top = ranked[0]
    if (!top) return undefined
    return this.#climb(top.block, ranked)
  }

  candidates(): { readonly block: Block; readonly score: number }[] {
    const found: { block: Block; score: number }[] = []
    for (const [block, { score, pruned }] of this.#of) {
      if (score > 0 && !pruned) found.push({ block, score: score * (1 - this.linkShare(block)) })
    }
    return found.sort((a, b) => b.score - a.score).slice(0, 6)
  }

  #climb(top: Block, ranked: readonly { readonly block: Block; readonly score: number }[]): Block {
    const good = ranked.filter(one => one.score >= ranked[0]!.score * 0.75).map(one => one.block)
    let best = top
    if (good.length >= 3) best = this.#sharedAncestor(top, good) ?? top
    // A parent that scores better still holds more of the article.
    let last = this.of(best).score
    const floor = last / 3
    for (let above = best.parent; above && above !== this.#root; above = above.parent) {
      const { score } = this.of(above)
      if (score < floor) break
      if (score > last) {
        best = above
        break
      }
      last = score
    }
    best = this.#widen(best)
    // An only child says less than its parent: siblings are looked at there.
    while (
      best.parent &&
      best.parent !== this.#root &&
      this.#childBlocks(best.parent) === 1 &&
      best.parent.ownText === 0
    )
      best = best.parent
    return best
  }

  /** Goes up while what an ancestor adds is prose as well: articles are cut into sections. */
  #widen(block: Block): Block {
    let best = block
    let above = best.parent
    for (let level = 0; above && level < 6; level++, above = above.parent) {
      const [inner, outer] = [this.of(best), this.of(above)]
      const added = outer.text - inner.text
      const prose = outer.prose - inner.prose
      if (prose >= 0.1 * inner.prose && prose > 0.8 * added && outer.links - inner.links < 0.15 * added)
        best = above
    }
    return best
  }

  #childBlocks(block: Block): number {
    return block.content.filter(
      child => typeof child !== 'string' && !this.of(child).pruned && this.of(child).text > 0,
    ).length
  }

  #sharedAncestor(top: Block, good: readonly Block[]): Block | undefined {
    for (let above = top.parent; above; above = above.parent) {
      const ancestor = above
      if (good.filter(block => isBelow(block, ancestor)).length >= 3) return ancestor
    }
    return undefined
  }
}

function commas(block: Block): number {
  let count = 0
  for (const piece of block.content)
    if (typeof piece === 'string') count += piece.split(/[,،、，]/u).length - 1
  return count
}

const isDoubtful = (block: Block): boolean => block.hint === 'unlikely' || block.hint === 'hidden'

const isList = (tag: string): boolean => tag === 'ul' || tag === 'ol' || tag === 'dl'

function hiddenProse(block: Block, measures: Measures): number {
  if (block.hint === 'hidden') return measures.of(block).prose
  let prose = 0
  for (const child of block.content) if (typeof child !== 'string') prose += hiddenProse(child, measures)
  return prose
}

const isParagraph = (tag: string): boolean =>
  tag === 'p' || tag === 'pre' || tag === 'li' || tag === 'blockquote'

function startScore(block: Block): number {
  return tagScore(block.tag) + labelScore(block.label) + (block.hint === 'likely' ? 10 : 0)
}

function tagScore(tag: string): number {
  if (tag === 'div' || tag === 'article' || tag === 'main') return 5
  if (tag === 'pre' || tag === 'td' || tag === 'blockquote') return 3
  if (/^h[1-6]$/u.test(tag) || tag === 'th') return -5
  return ['address', 'ol', 'ul', 'dl', 'dd', 'dt', 'li', 'form'].includes(tag) ? -3 : 0
}

function isBelow(block: Block, ancestor: Block): boolean {
  for (let above: Block | undefined = block.parent; above; above = above.parent)
    if (above === ancestor) return true
  return false
}
