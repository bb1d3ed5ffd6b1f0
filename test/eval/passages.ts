/** An exam of passages as the corpus has them: NDJSON, with the instance marked. They lie in `fresh/`, and nothing learns from them. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isInstance, marked, pairOf } from '../../classify/corpus/passage.ts'
import type { Passage as CorpusPassage } from '../../classify/corpus/passage.ts'
import { readPassageFile } from '../../classify/corpus/read.ts'
import { EXAM } from './suite.ts'
import type { Behaviour, Exam, Passage } from './suite.ts'

/** Written last, by hands that saw neither rules nor corpus. */
export const FRESH = join(EXAM, 'fresh')

/** @throws ConfigError that names file and line. */
export function passageExam(files: readonly string[]): Exam {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  const known = files.flatMap(file => readPassageFile(file)).filter(({ label }) => label !== 'borderline')
  const behaviours = known.map(behaviourOf)
  return {
    behaviours: new Map(behaviours.map(one => [one.id, one])),
    passages: known.map(passageOf),
    digest: hash.digest('hex'),
  }
}

/** The same move can be made with a telling word and without. */
function behaviourOf(passage: CorpusPassage): Behaviour {
  const { behaviour, label, indirect } = passage
  if (!isInstance(passage)) return { id: behaviour, label, definition: behaviour }
  const cue = indirect ? 'indirect' : 'direct'
  return { id: idOf(passage), label, cue, definition: behaviour }
}

function idOf(passage: CorpusPassage): string {
  if (!isInstance(passage)) return passage.behaviour
  return `${passage.behaviour} ${passage.indirect ? 'indirect' : 'direct'}`
}

function passageOf(passage: CorpusPassage): Passage {
  const { id, label, language, event, voice, stance, targets } = passage
  return {
    ...{
      id,
      label,
      language,
      pair: pairOf(passage),
      behaviour: idOf(passage),
      text: marked(passage.text).text,
    },
    ...(event !== undefined && { event }),
    ...(voice !== undefined && { voice }),
    ...(stance !== undefined && { stance }),
    ...(targets?.[0] !== undefined && { target: targets[0] }),
  }
}
