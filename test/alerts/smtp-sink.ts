/** A mail server on 127.0.0.1 that takes letters and keeps them, or answers as the test tells it. */
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface Taken {
  readonly from: string
  readonly to: readonly string[]
  readonly data: string
}

export interface SmtpSink {
  readonly url: string
  readonly letters: readonly Taken[]
  /** Every line that was said to it outside of letters. */
  readonly heard: readonly string[]
  /** Answers of its own to commands, by their first word: `RCPT` → `550 no such user`. `DROP` closes the connection. */
  readonly answers: Map<string, string>
  close(): Promise<void>
}

export async function smtpSink(host = '127.0.0.1'): Promise<SmtpSink> {
  const letters: Taken[] = []
  const heard: string[] = []
  const answers = new Map<string, string>()
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    talk(socket, letters, answers, heard)
  })
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  return {
    url: `smtp://${host}:${(server.address() as AddressInfo).port}`,
    letters,
    heard,
    answers,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

const STANDARD: Readonly<Record<string, string>> = {
  EHLO: '250-sink\r\n250 AUTH PLAIN',
  STARTTLS: '454 not here',
  DATA: '354 go on',
  QUIT: '221 bye',
}

function talk(socket: Socket, letters: Taken[], answers: ReadonlyMap<string, string>, heard: string[]): void {
  let from = ''
  let to: string[] = []
  let data: string | undefined
  let rest = ''
  const say = (line: string): void => void socket.write(`${line}\r\n`)
  const standard = (line: string): string => {
    const word = line.split(/[ :]/)[0]!.toUpperCase()
    if (word === 'MAIL') from = addressIn(line)
    if (word === 'RCPT') to.push(addressIn(line))
    if (word === 'DATA') data = ''
    return STANDARD[word] ?? '250 ok'
  }
  const command = (line: string): void => {
    heard.push(line)
    const own = answers.get(line.split(/[ :]/)[0]!.toUpperCase())
    if (own === 'DROP') socket.destroy()
    else say(own ?? standard(line))
  }
  say('220 sink')
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    rest += chunk
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end)
      rest = rest.slice(end + 2)
      if (data === undefined) command(line)
      else if (line === '.') {
        letters.push({ from, to, data })
        to = []
        data = undefined
        if (answers.get('END') === 'DROP') socket.destroy()
        else say(answers.get('END') ?? '250 taken')
      } else data += `${line.startsWith('.') ? line.slice(1) : line}\r\n`
    }
  })
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? ''
}
