/** The written passages of the corpus by their id, read when the first is asked for. */
import { join } from 'node:path'
import { marked } from '../classify/corpus/passage.ts'
import { readPassages } from '../classify/corpus/read.ts'
import type { CorpusPassage } from '../classify/corpus/read.ts'
import type { ExamplePassage, FindExample } from '../dashboards/example-passages.ts'

const CORPUS = join(import.meta.dirname, '..', 'classify', 'corpus')

export function exampleFinder(folder = CORPUS): FindExample {
  let known: ReadonlyMap<string, CorpusPassage> | undefined
  return id => {
    known ??= new Map(
      readPassages(folder).flatMap(passage => (passage.origin === 'written' ? [[passage.id, passage]] : [])),
    )
    const passage = known.get(id)
    return passage && shown(passage)
  }
}

function shown({ language, label, text }: CorpusPassage): ExamplePassage {
  const { text: plain, start, end } = marked(text)
  return {
    ...{ language, label },
    ...{ before: plain.slice(0, start), marked: plain.slice(start, end), after: plain.slice(end) },
  }
}
