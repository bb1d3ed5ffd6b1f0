/** What the processes of a test say, kept in files where somebody wants to look at it: OPOMENA_TEST_LOGS names a folder. */
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = process.env['OPOMENA_TEST_LOGS']

export function keepWords(name: string, pid: number | undefined, words: Buffer): void {
  if (!FOLDER) return
  mkdirSync(FOLDER, { recursive: true })
  appendFileSync(join(FOLDER, `${name.replaceAll(' ', '-')}-${String(pid ?? 0)}.log`), words)
}
