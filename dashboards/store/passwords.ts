/** Passwords at rest: argon2id with the parameters stored beside the hash, so that they can be raised later. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'

/** The least that OWASP ASVS 5.0 asks for: 46 MiB, one pass, one lane (about 130 ms on an old core). */
const PARAMETERS = { memory: 47_104, passes: 1, parallelism: 1 } as const
const TAG_BYTES = 32
const SALT_BYTES = 16

/** At most this many hashes at once, which keeps the memory below 184 MiB; the others wait their turn. */
const AT_ONCE = 4
const MOST_WAITING = 100

let running = 0
const waiting: (() => void)[] = []

/** Too many people sign in at the same moment. */
export class TooBusy extends Error {
  override readonly name = 'TooBusy'
}

/** `$argon2id$v=19$m=..,t=..,p=..$salt$hash` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const tag = await derive(password, salt, PARAMETERS)
  const { memory, passes, parallelism } = PARAMETERS
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${salt.toString('base64url')}$${tag.toString('base64url')}`
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/u.exec(stored)
  if (!match) return false
  const [, memory, passes, parallelism, salt, hash] = match
  const expected = Buffer.from(hash!, 'base64url')
  const given = await derive(password, Buffer.from(salt!, 'base64url'), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  })
  return given.length === expected.length && timingSafeEqual(given, expected)
}

interface Parameters {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

async function derive(password: string, nonce: Buffer, parameters: Parameters): Promise<Buffer> {
  await turn()
  try {
    return await new Promise((resolve, reject) => {
      argon2(
        'argon2id',
        { message: password.normalize('NFC'), nonce, tagLength: TAG_BYTES, ...parameters },
        (thrown, tag) => (thrown ? reject(thrown) : resolve(tag)),
      )
    })
  } finally {
    running--
    waiting.shift()?.()
  }
}

async function turn(): Promise<void> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new TooBusy('too many sign-ins at once')
    await new Promise<void>(resolve => waiting.push(resolve))
  }
  running++
}
