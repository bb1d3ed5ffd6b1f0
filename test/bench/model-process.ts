/** A process that classifies as the worker does, and says how soon it could and how much memory it takes. Run by model.ts. */
import { openModel } from '../../cli/detector.ts'
import { loadConfig } from '../../config/config.ts'
import { silentLogger } from '../../core/logger.ts'
import { newsLike } from './news-like.ts'

export interface ProcessFigures {
  readonly startMs: number
  readonly megabytes: number
}

if (import.meta.main) {
  const folder = process.argv[2]
  if (folder === undefined) throw new Error('expected the folder of a model')
  const detector = await openModel(loadConfig({ env: {} }), silentLogger, folder)
  await detector.classifyAll([{ id: 'a', text: newsLike(1)[0]!, declaredLanguage: 'hr' }])
  const startMs = performance.now()
  await detector.classifyAll(
    newsLike(200).map((text, at) => ({ id: String(at), text, declaredLanguage: 'hr' })),
  )
  const megabytes = process.memoryUsage.rss() / 1e6
  await detector.close()
  process.stdout.write(JSON.stringify({ startMs, megabytes } satisfies ProcessFigures))
}
