/** Letters by SMTP, one reader each. Also makes the bytes of a letter, for the mailer that writes files. */
import { createTransport } from 'nodemailer'
import { ConfigError, Quarantine, RetryLater, reasonOf } from '../core/errors.ts'
import type { Letter, Mailer } from '../core/ports.ts'
import { isMailAddress, parseMailAddress } from './mail-address.ts'
import type { MailAddress } from './mail-address.ts'
import { printable } from './wording.ts'

const CONNECT_MS = 15_000
const SILENCE_MS = 30_000
const MAX_SUBJECT = 200

/**
 * A mailer for `smtp://user:password@host:port` (STARTTLS where offered, demanded where a password would travel) or
 * `smtps://`. `from` is an address, or `name <address>`.
 * @throws ConfigError when one of the two cannot be used.
 */
export function smtpMailer({ url, from }: { readonly url: string; readonly from: string }): Mailer {
  const sender = senderOf(from)
  const transport = createTransport({ ...optionsOf(url), disableFileAccess: true, disableUrlAccess: true })
  return {
    async send(letter) {
      const mail = mailOf(letter, sender)
      try {
        await transport.sendMail(mail)
      } catch (thrown) {
        throw fateOf(thrown)
      }
    },
    close: async () => transport.close(),
  }
}

/** The letter as it would travel, in MIME. @throws Quarantine when it cannot be a letter. */
export async function mimeOf(letter: Letter, from: string): Promise<Buffer> {
  const transport = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const { message } = await transport.sendMail(mailOf(letter, senderOf(from)))
  if (!Buffer.isBuffer(message)) throw new Error('expected the letter in one piece; nodemailer gave a stream')
  return message
}

function senderOf(from: string): MailAddress {
  const sender = parseMailAddress(from)
  if (sender) return sender
  throw new ConfigError(
    `alerts.mail.from: expected an address such as Opomena <opomena@example.org>; came ${JSON.stringify(from)}`,
  )
}

function optionsOf(url: string) {
  // Taken apart by us: given the address itself, nodemailer would take any option from its query.
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && username !== '' && !isLocal,
    ...(username === ''
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    tls: { minVersion: 'TLSv1.2' as const },
  }
}

/** Every header is checked or cleaned here: nothing that a person or a page wrote becomes a header of its own. */
function mailOf(letter: Letter, from: MailAddress) {
  if (!isMailAddress(letter.to)) {
    throw new Quarantine(
      'expected one plain mail address, local@domain; came something else (not shown: it is personal)',
    )
  }
  if (!/^<[\w.+-]+@[\w.-]+>$/.test(letter.messageId)) {
    throw new Quarantine(
      `expected a message id such as <name@host>; came ${JSON.stringify(letter.messageId)}`,
    )
  }
  return {
    from: { ...from },
    // An object, never a text: a text would be parsed for lists, groups and comments.
    to: { name: '', address: letter.to },
    subject: printable(letter.subject).slice(0, MAX_SUBJECT).toWellFormed(),
    text: letter.text,
    ...(letter.html === undefined ? {} : { html: letter.html }),
    messageId: letter.messageId,
    headers: { 'Auto-Submitted': 'auto-generated', ...unsubscribeHeaders(letter.unsubscribeUrl) },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** RFC 8058: mail programs show a button that ends the subscription with one click. */
function unsubscribeHeaders(url: string | undefined): Record<string, string> {
  if (url === undefined) return {}
  if (!/^https?:\/\/[^\s<>]+$/.test(url)) {
    throw new Quarantine(`expected a web address to unsubscribe at; came ${JSON.stringify(url)}`)
  }
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
}

/** A mail server that refuses the reader or the letter with 5xx will refuse it again; all else may pass. */
function fateOf(thrown: unknown): Error {
  const { code, responseCode } = thrown as { code?: unknown; responseCode?: unknown }
  const aboutLetter = code === 'EENVELOPE' || code === 'EMESSAGE'
  const status = typeof responseCode === 'number' ? responseCode : 0
  // What the server says may hold the address; its number does not.
  if (aboutLetter && status >= 500) {
    return new Quarantine(`the mail server refused the letter for good (${status})`, { cause: thrown })
  }
  const reason = status > 0 ? String(status) : typeof code === 'string' ? code : reasonOf(thrown)
  return new RetryLater(`the mail server did not take the letter (${reason})`, { cause: thrown })
}
