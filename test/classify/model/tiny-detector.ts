/** The tiny model with a gate, a combiner and examples, in a folder that a test may damage. */
import { addToModel } from '../../../classify/model/encoder-files.ts'
import { FEATURES } from '../../../classify/model/combine.ts'
import { openEncoder } from '../../../classify/model/encoder-pool.ts'
import { writeExamples } from '../../../classify/model/examples.ts'
import { writeGate } from '../../../classify/model/gate.ts'
import { windowOfText } from '../../../classify/model/train/window-scores.ts'
import { copyOfModel } from './fixture.ts'

export async function tinyDetector(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const copy = await copyOfModel()
  const encoder = await openEncoder({ folder: copy.folder })
  const texts = ['opet ce doci', 'kisa pada nad gradom', 'most je otvoren']
  const scores = await encoder.score(texts.map(text => windowOfText(text, encoder.tokenizer)))
  const weights = Object.fromEntries(FEATURES.map(name => [name, name === 'window' ? 1 : 0]))
  const combiner = { v: 1, encoder: encoder.id, bias: 0, weights, offsets: {} }
  const rows = texts.map((_, at) => ({ id: `wa-000${String(at + 1)}a`, vector: scores[at]!.vector }))
  await encoder.close()
  // A gate that passes everything.
  await addToModel(
    copy.folder,
    'gate',
    writeGate({ bits: 8, bias: 0, scale: 1, threshold: 0 }, new Int8Array(256)),
  )
  await addToModel(copy.folder, 'combiner', Buffer.from(JSON.stringify(combiner)))
  await addToModel(copy.folder, 'examples', writeExamples(encoder.id, rows))
  return copy
}
