/** Letters on the wire and on the disk: one reader, whole headers, and an error that says whether to try again. */
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fileMailer } from '../../alerts/file-mailer.ts'
import { isMailAddress, parseMailAddress } from '../../alerts/mail-address.ts'
import { mimeOf, smtpMailer } from '../../alerts/smtp-mailer.ts'
import { ConfigError, Quarantine, RetryLater } from '../../core/errors.ts'
import type { Letter } from '../../core/ports.ts'
import { smtpSink } from './smtp-sink.ts'
import type { SmtpSink } from './smtp-sink.ts'

const FROM = 'Opomena <opomena@alerts.example>'
const letter: Letter = {
  messageId: '<opomena.sub-1.2026-07-11@opomena.example>',
  to: 'ana@coalition.example',
  subject: '1 new confirmed flag: denial; BA',
  text: 'Žuta čarapa, жута чарапа.\n',
  html: '<p>Žuta čarapa</p>\n',
  unsubscribeUrl: 'https://opomena.example/u/token.abc',
}

/** Headers by lower-case name, folded lines joined; every header must be there once. */
function headersOf(mime: string): ReadonlyMap<string, string> {
  const head = mime.slice(0, mime.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')
  const headers = new Map<string, string>()
  for (const line of head.split('\r\n')) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase()
    expect(headers.has(name), `header ${name} comes twice`).toBe(false)
    headers.set(name, line.slice(line.indexOf(':') + 1).trim())
  }
  return headers
}

/** A header in plain letters (RFC 2047). */
function decoded(header: string): string {
  const joined = header.replace(/\?=\s+=\?/g, '?==?')
  return joined.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how: string, text: string) => {
    if (how.toLowerCase() === 'b') return Buffer.from(text, 'base64').toString()
    const bytes = text
      .replace(/_/g, ' ')
      .replace(/=([0-9a-f]{2})/gi, (_hex, code: string) => String.fromCharCode(parseInt(code, 16)))
    return Buffer.from(bytes, 'latin1').toString()
  })
}

const EXPECTED_HEADERS = [
  'auto-submitted',
  'content-type',
  'date',
  'from',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'message-id',
  'mime-version',
  'subject',
  'to',
]

describe('by SMTP', () => {
  let sink: SmtpSink
  beforeEach(async () => {
    sink = await smtpSink()
  })
  afterEach(() => sink.close())

  async function send(changes: Partial<Letter> = {}): Promise<void> {
    const mailer = smtpMailer({ url: sink.url, from: FROM })
    try {
      await mailer.send({ ...letter, ...changes })
    } finally {
      await mailer.close()
    }
  }

  test('a letter arrives whole, at one reader, text first, with its id and a button to unsubscribe', async () => {
    await send()
    expect(sink.letters).toHaveLength(1)
    const { from, to, data } = sink.letters[0]!
    expect([from, to]).toEqual(['opomena@alerts.example', ['ana@coalition.example']])
    const headers = headersOf(data)
    expect([...headers.keys()].sort()).toEqual(EXPECTED_HEADERS)
    expect(headers.get('from')).toBe('Opomena <opomena@alerts.example>')
    expect(headers.get('to')).toBe('ana@coalition.example')
    expect(headers.get('message-id')).toBe(letter.messageId)
    expect(headers.get('subject')).toBe(letter.subject)
    expect(headers.get('list-unsubscribe')).toBe('<https://opomena.example/u/token.abc>')
    expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    expect(headers.get('auto-submitted')).toBe('auto-generated')
    expect(data.indexOf('text/plain')).toBeGreaterThan(0)
    expect(data.indexOf('text/html')).toBeGreaterThan(data.indexOf('text/plain'))
  })

  describe('the headers stay whole and the reader alone when', () => {
    const subjects: Readonly<Record<string, readonly [written: string, arrives: string]>> = {
      'the subject has line ends': [
        'one\r\nBcc: eve@evil.example\r\n\r\nbody',
        'one Bcc: eve@evil.example body',
      ],
      'the subject has other line ends': ['one\nBcc: x\u2028y\u2029z\u0085\rTo: x', 'one Bcc: x y z To: x'],
      'the subject turns the direction': ['abc\u202egnp.exe\u2066', 'abc gnp.exe'],
      'the subject is 10 KB': ['č'.repeat(10_000), 'č'.repeat(200)],
      'the subject is half a surrogate': ['a\ud800b', 'a\ufffdb'],
    }
    for (const [name, [written, arrives]] of Object.entries(subjects)) {
      test(name, async () => {
        await send({ subject: written })
        expect(sink.letters.map(({ to }) => to)).toEqual([['ana@coalition.example']])
        const headers = headersOf(sink.letters[0]!.data)
        expect([...headers.keys()].sort()).toEqual(EXPECTED_HEADERS)
        expect(decoded(headers.get('subject')!)).toBe(arrives)
      })
    }
  })

  describe('nothing is sent when', () => {
    const wrong: Readonly<Record<string, Partial<Letter>>> = {
      'the address has two readers': { to: 'a@b.example,c@d.example' },
      'the address has a line end': { to: 'a@b.example\r\nBcc: c@d.example' },
      'the address has a comment': { to: 'a@b.example(c@d.example)' },
      'the address has a name': { to: 'Ana <a@b.example>' },
      'the address is quoted': { to: '"a@evil.example x"@b.example' },
      'the address is a group': { to: 'g:a@b.example;' },
      'the address is empty': { to: '' },
      'the id has a line end': { messageId: '<a@b>\r\nBcc: c@d.example' },
      'the unsubscribe address has a line end': { unsubscribeUrl: 'https://x.example/\r\nBcc: c@d.example' },
      'the unsubscribe address is a script': { unsubscribeUrl: 'javascript:alert(1)' },
    }
    for (const [name, changes] of Object.entries(wrong)) {
      test(name, async () => {
        await expect(send(changes)).rejects.toBeInstanceOf(Quarantine)
        expect(sink.letters).toHaveLength(0)
      })
    }
  })

  describe('the error says what to do when', () => {
    const cases: readonly (readonly [string, string, string, typeof RetryLater | typeof Quarantine])[] = [
      ['the reader is not known', 'RCPT', '550 5.1.1 no such user ana@coalition.example', Quarantine],
      ['the reader is asked to wait (greylisting)', 'RCPT', '451 4.7.1 come back later', RetryLater],
      ['the letter is refused', 'END', '554 5.7.1 spam', Quarantine],
      ['the disk of the server is full', 'END', '452 4.3.1 no space', RetryLater],
      ['the sender may not send', 'EHLO', 'DROP', RetryLater],
      ['the connection breaks after the letter', 'END', 'DROP', RetryLater],
    ]
    for (const [name, word, answer, fate] of cases) {
      test(name, async () => {
        sink.answers.set(word, answer)
        const thrown = await send().then(
          () => undefined,
          (error: unknown) => error as Error,
        )
        expect(thrown).toBeInstanceOf(fate)
        expect(thrown!.message).not.toContain('ana@')
      })
    }
    test('nobody listens', async () => {
      await sink.close()
      await expect(send()).rejects.toThrow(/ECONNREFUSED|ESOCKET/)
      await expect(send()).rejects.toBeInstanceOf(RetryLater)
    })
  })

  test('a password goes to this machine in the clear, to another one only behind TLS', async () => {
    // On Linux all of 127.0.0.0/8 is this machine; the rule goes by the name and takes this one for another.
    const other = await smtpSink('127.0.0.2')
    for (const { url, passes } of [
      { url: sink.url, passes: true },
      { url: other.url, passes: false },
    ]) {
      const mailer = smtpMailer({ url: url.replace('//', '//user:secret@'), from: FROM })
      const outcome = await mailer.send(letter).then(
        () => true,
        () => false,
      )
      await mailer.close()
      expect(outcome).toBe(passes)
    }
    expect(sink.heard.filter(line => line.startsWith('AUTH'))).toHaveLength(1)
    expect(other.heard).toContain('STARTTLS')
    expect(other.heard.filter(line => line.startsWith('AUTH'))).toHaveLength(0)
    await other.close()
  })

  test('a sender that cannot be one is a fault of the settings', () => {
    expect(() => smtpMailer({ url: sink.url, from: 'nobody' })).toThrow(ConfigError)
    expect(() => smtpMailer({ url: sink.url, from: 'a@b.example\r\nBcc: c@d.example' })).toThrow(
      /alerts.mail.from/,
    )
  })
})

describe('as files', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'opomena-mail-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  test('a letter is one file, the same letter twice too, named after its id and readable by its owner alone', async () => {
    const mailer = fileMailer({ dir: join(dir, 'mail'), from: FROM })
    await mailer.send(letter)
    await mailer.send(letter)
    expect(await readdir(join(dir, 'mail'))).toEqual(['opomena.sub-1.2026-07-11@opomena.example.eml'])
    const path = join(dir, 'mail', 'opomena.sub-1.2026-07-11@opomena.example.eml')
    const mime = await readFile(path, 'utf8')
    expect([...headersOf(mime).keys()].sort()).toEqual(EXPECTED_HEADERS)
    expect((await stat(path)).mode & 0o077).toBe(0)
  })

  test('a folder that cannot be written is tried again', async () => {
    await writeFile(join(dir, 'taken'), '')
    await expect(fileMailer({ dir: join(dir, 'taken'), from: FROM }).send(letter)).rejects.toBeInstanceOf(
      RetryLater,
    )
  })

  test('an id never leads out of the folder', async () => {
    const mailer = fileMailer({ dir, from: FROM })
    await expect(mailer.send({ ...letter, messageId: '<../../x@y>' })).rejects.toBeInstanceOf(Quarantine)
  })
})

test('a letter never opens a file or an address, whatever it holds', async () => {
  const mime = await mimeOf(
    {
      ...letter,
      text: '{"path":"/etc/hostname"}',
      html: '<img src="/etc/hostname"><img src="https://x.example/p.png">',
    },
    FROM,
  )
  expect(mime.toString()).toContain('/etc/hostname')
  expect(mime.toString()).not.toMatch(/attachment|cid:/)
})

describe('an address', () => {
  const good = [
    'ana@coalition.example',
    'a.b+c@x-y.example',
    "o'neil@a.b.c",
    'a@localhost',
    `${'a'.repeat(64)}@b.example`,
  ]
  const bad = [
    '',
    'a',
    '@b',
    'a@',
    'a@b@c',
    'a b@c',
    'a@b c',
    '.a@b',
    'a.@b',
    'a..b@c',
    'a@b..c',
    'a@-b',
    'a@b-',
    'a@[127.0.0.1]',
    'ć@b',
    'a@ć',
    'a@b.example\n',
    '"a"@b',
    `${'a'.repeat(65)}@b.example`,
  ]
  for (const one of good) test(`is ${one}`, () => expect(isMailAddress(one)).toBe(true))
  for (const one of bad) test(`is not ${JSON.stringify(one)}`, () => expect(isMailAddress(one)).toBe(false))
  test('may have a name before it', () => {
    expect(parseMailAddress('Опомена и други <a@b.example>')).toEqual({
      name: 'Опомена и други',
      address: 'a@b.example',
    })
    expect(parseMailAddress('a@b.example')).toEqual({ name: '', address: 'a@b.example' })
    expect(parseMailAddress('a <b> <c@d.example>')).toBeUndefined()
  })
  test('holds no separator of mail, whatever it is made of', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', '@', '.', ',', ';', ':', '<', '>', '"', '(', ' ', '\n', '\r', '\\'),
          maxLength: 12,
        }),
        text => {
          if (isMailAddress(text)) expect(text).toMatch(/^a(\.?a)*@a(\.?a)*$/)
        },
      ),
    )
  })
})
