/** The token of the link that ends a subscription from a letter, without signing in (RFC 8058). */
import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The subscription's id and an HMAC over it. The key is the hash of the feed's token: unguessable, known to the web
 * and to the alerts alike, and never shown to anybody.
 */
export function unsubscribeToken(id: string, tokenHash: string): string {
  return `${id}.${macOf(id, tokenHash)}`
}

/** Whether the token is that of the subscription, under any of the keys it ever had. */
export function isUnsubscribeToken(token: string, id: string, tokenHashes: readonly string[]): boolean {
  const given = Buffer.from(token)
  return tokenHashes.some(hash => {
    const expected = Buffer.from(unsubscribeToken(id, hash))
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

function macOf(id: string, key: string): string {
  return createHmac('sha256', key).update(`unsubscribe:${id}`).digest('base64url')
}
