/** Letters as `.eml` files in a folder, for machines without a mail server: any mail program opens them. */
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { RetryLater, reasonOf } from '../core/errors.ts'
import type { Mailer } from '../core/ports.ts'
import { mimeOf } from './smtp-mailer.ts'

/** The name of a file is the id of its letter: the same letter twice is one file. */
export function fileMailer({ dir, from }: { readonly dir: string; readonly from: string }): Mailer {
  return {
    async send(letter) {
      const bytes = await mimeOf(letter, from)
      const path = join(dir, `${letter.messageId.replace(/[<>]/g, '').replace(/[^\w.@-]+/g, '-')}.eml`)
      try {
        await mkdir(dir, { recursive: true, mode: 0o700 })
        await writeWhole(path, bytes)
      } catch (cause) {
        throw new RetryLater(
          `letters cannot be written to ${dir} (${reasonOf(cause)}); check the folder and its disk`,
          { cause },
        )
      }
    },
    close: async () => undefined,
  }
}

/** All of the file or none: written beside its place, made durable, then moved. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.part`
  try {
    const file = await open(beside, 'w', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (thrown) {
    await rm(beside, { force: true })
    throw thrown
  }
}
