/** The model that the project ships, read once. */
import { loadLanguageModel } from './model.ts'

export const languageModel = loadLanguageModel()
