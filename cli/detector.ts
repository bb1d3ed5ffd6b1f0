/** The classifier in force: rules and model where there is a usable one, the rules alone where there is none. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ArticleClassifier } from '../classify/classifier.ts'
import type { Config } from '../config/config.ts'
import { reasonOf } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import { openClassifier } from './parts.ts'

export interface OpenClassifier extends ArticleClassifier {
  close(): Promise<void>
}

export interface DetectorRequest {
  readonly config: Config
  readonly logger: Logger
  /** Another folder of weights than the shipped one; `none` for the rules alone. */
  readonly weights?: string
}

/** Never fails for the sake of the model: a warning says what is wrong with it and what to do. */
export async function openDetector({ config, logger, weights }: DetectorRequest): Promise<OpenClassifier> {
  const { enabled } = config.settings.classify.model
  const { MANIFEST, SHIPPED } = await import('../classify/model/encoder-files.ts')
  const folder = weights ?? SHIPPED
  if (folder === 'none' || !enabled) return rulesAlone(config)
  if (weights === undefined && !existsSync(join(folder, MANIFEST))) {
    logger.warn({ folder }, 'There is no model in its folder; only the rules are at work')
    return rulesAlone(config)
  }
  try {
    return await openModel(config, logger, folder)
  } catch (error) {
    logger.warn(
      { reason: reasonOf(error) },
      'The model cannot be used and only the rules are at work; mend it as the reason says, or set OPOMENA_MODEL=off',
    )
    return rulesAlone(config)
  }
}

/** @throws ConfigError when the model is missing, damaged, or of another version. */
export async function openModel(config: Config, logger: Logger, folder: string): Promise<OpenClassifier> {
  const { openEncoder } = await import('../classify/model/encoder-pool.ts')
  const { readDetectorFiles } = await import('../classify/model/encoder-files.ts')
  const { createDetector } = await import('../classify/model/detector.ts')
  const { thresholds, model } = config.settings.classify
  const files = await readDetectorFiles(folder)
  // At the same time. Where the lexicons fail the network is closed first: native code must not be cut off while it loads.
  const [rules, encoder] = await Promise.allSettled([
    openClassifier(config),
    openEncoder({ folder, threads: model.threads }),
  ])
  if (encoder.status === 'rejected') throw encoder.reason
  if (rules.status === 'rejected') {
    await encoder.value.close()
    throw rules.reason
  }
  return createDetector({
    rules: rules.value,
    encoder: encoder.value,
    files,
    logger,
    thresholds: model.thresholds,
    rulesAlone: thresholds,
  })
}

async function rulesAlone(config: Config): Promise<OpenClassifier> {
  const rules = await openClassifier(config)
  return { ...rules, close: () => Promise.resolve() }
}
