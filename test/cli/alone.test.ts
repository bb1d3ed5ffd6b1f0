/** What a worker must not do while another one may have its place. */
import { expect, test } from 'vitest'
import { placedMailer } from '../../cli/alone.ts'
import { RetryLater } from '../../core/errors.ts'

test('letters wait while another worker may send the same, and go out when none can', async () => {
  const sent: string[] = []
  let isSafe = false
  const mailer = placedMailer(
    { send: async ({ messageId }) => void sent.push(messageId), close: async () => undefined },
    { isSafe: () => isSafe },
  )
  const letter = { messageId: 'm', to: 'ana@example.org', subject: 's', text: 't' }
  await expect(mailer.send(letter)).rejects.toThrow(RetryLater)
  expect(sent).toEqual([])
  isSafe = true
  await mailer.send(letter)
  expect(sent).toEqual(['m'])
})
