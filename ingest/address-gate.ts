/** The address gate: only public addresses, on the web's own ports, whoever gave us the link. */
import { lookup as systemLookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export const MAX_URL = 2_048

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>

/** Our own rules say no. The message is the reason a person reads. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

export class PrivateAddress extends Refused {}

// The metadata service of Azure sits on a public address; every other cloud's is link-local, private or shared.
const FORBIDDEN = new Set(['168.63.129.16'])

/** NAT64, 6to4, Teredo, mapped and shared ranges count as private: what is inside them cannot be told. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' && !FORBIDDEN.has(parsed.toString())
}

/**
 * The address as it would be fetched: http or https, no user name, port 80 or 443, without its fragment.
 * @throws Refused
 */
export function webAddress(text: string, base?: URL): URL {
  if (text.length > MAX_URL) throw new Refused(`address is longer than ${MAX_URL} characters: ${shown(text)}`)
  const url = URL.parse(text, base?.href)
  if (!url) throw new Refused(`not a web address: ${shown(text)}`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Refused(`expected http or https, got ${url.protocol} in ${shown(text)}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new Refused(`address with a user name or password: ${url.protocol}//…@${url.host}`)
  }
  // The URL parser has dropped the default port of the scheme; http on 443 is left to the servers that want it.
  if (!['', '80', '443'].includes(url.port))
    throw new Refused(`port ${url.port} is not a web port: ${shown(url.href)}`)
  url.hash = ''
  // Escaping can make it longer, and a relative link borrows from its base.
  if (url.href.length > MAX_URL)
    throw new Refused(`address is longer than ${MAX_URL} characters: ${shown(url.href)}`)
  return url
}

/**
 * The addresses a host may be reached at. One private address among them refuses the host: whoever answers for the
 * name chooses which one is used. A literal is checked like a resolved one, since no resolver ever sees it.
 * @throws PrivateAddress, or what the lookup threw.
 */
export async function publicAddresses(
  hostname: string,
  lookup: Lookup = resolveAll,
): Promise<readonly ResolvedAddress[]> {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(literal)
  const addresses = family === 0 ? await lookup(hostname) : [{ address: literal, family }]
  if (addresses.length === 0) throw new Error(`${hostname} has no address`)
  const bad = addresses.find(({ address }) => !isPublicAddress(address))
  if (bad) throw new PrivateAddress(`${hostname} leads to ${bad.address}, which is not a public address`)
  return addresses
}

async function resolveAll(hostname: string): Promise<readonly ResolvedAddress[]> {
  return systemLookup(hostname, { all: true })
}

function shown(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
