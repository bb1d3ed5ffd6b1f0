/** The words of the block that was found to be the article: without boxes, lists of links and pointers to other articles. */
import { labelScore } from './block-hints.ts'
import type { Block } from './block-tree.ts'
import { isBoilerplate, isLeadIn } from './boilerplate.ts'
import { PROSE_LENGTH, findContent } from './content-scoring.ts'
import type { Measures } from './content-scoring.ts'
import { tidy } from './plain-text.ts'

/** The text of the article in the tree, paragraphs apart; empty where nothing reads like one. */
export function contentText(root: Block): string {
  const found = findContent(root)
  return found ? tidy(emitWithSiblings(found.best, found.measures)) : ''
}

/** The text of the best block and of the siblings that go on with it. */
function emitWithSiblings(best: Block, measures: Measures): string {
  const parent = best.parent
  if (!parent) return emit(best, measures)
  const enough = Math.max(10, measures.of(best).score * 0.2)
  let text = ''
  for (const sibling of parent.content) {
    if (typeof sibling === 'string') continue
    if (sibling === best || belongs(sibling, best, enough, measures)) text += `\n\n${emit(sibling, measures)}`
  }
  return text
}

function belongs(sibling: Block, best: Block, enough: number, measures: Measures): boolean {
  const measure = measures.of(sibling)
  if (measure.pruned || measure.text === 0) return false
  const bonus = best.label.trim() !== '' && sibling.label === best.label ? measures.of(best).score * 0.2 : 0
  if (measure.score + bonus >= enough && measure.score > 0) return true
  if (sibling.tag !== 'p') return false
  const share = measures.linkShare(sibling)
  return measure.text > PROSE_LENGTH
    ? share < 0.25
    : share === 0 && /[.!?…]["”“»]?\s*$/u.test(ownText(sibling))
}

const ownText = (block: Block): string => block.content.filter(piece => typeof piece === 'string').join('')

/** The text of a block without what was pruned and without what looks like lists of links. */
function emit(block: Block, measures: Measures): string {
  if (measures.of(block).pruned || isClutter(block, measures)) return ''
  let text = ''
  let leadIn = false
  for (const piece of block.content) {
    if (typeof piece === 'string') {
      text += withoutPointers(piece)
      continue
    }
    const inner = emit(piece, measures)
    // What follows "read also" is the box it announces.
    if (leadIn && (measures.linkShare(piece) > 0.5 || piece.tag === 'ul')) continue
    leadIn = isLeadIn(inner)
    if (!isBoilerplate(inner, measures.linkShare(piece))) text += `\n\n${inner}\n\n`
  }
  return text
}

/** Templates of tables and line breaks put "read also" on a line of its own. */
function withoutPointers(text: string): string {
  if (!text.includes('\n')) return text
  return text
    .split('\n')
    .filter(line => line.trim() === '' || !isBoilerplate(line, 0))
    .join('\n')
}

function isClutter(block: Block, measures: Measures): boolean {
  const { text, prose, paragraphs } = measures.of(block)
  const share = measures.linkShare(block)
  if (text === 0) return true
  switch (block.tag) {
    case 'ul':
    case 'ol':
    case 'dl':
      return share > 0.7 && prose === 0
    case 'table':
      return share > 0.4 && prose < 200
    case 'div':
    case 'section':
    case 'header':
    case 'article':
      return (
        (share > 0.5 && prose === 0 && paragraphs > 0) ||
        (share > 0.6 && text < 300) ||
        labelScore(block.label) - share * 50 < -40
      )
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
      return share > 0.8
    case 'p':
      return share > 0.9 && text < 200
    default:
      return false
  }
}
