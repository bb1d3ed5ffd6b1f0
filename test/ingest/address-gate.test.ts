import { expect, test } from 'vitest'
import { Refused, isPublicAddress, publicAddresses, webAddress } from '../../ingest/address-gate.ts'
import type { Lookup } from '../../ingest/address-gate.ts'

const forbidden = [
  '127.0.0.1',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.170',
  '192.88.99.1',
  '198.18.0.1',
  '203.0.113.7',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:168.63.129.16',
  '64:ff9b::7f00:1',
  '64:ff9b::808:808',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '2002:808:808::',
  '2001::1',
  '2001:db8::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '100::1',
  'localhost',
  '',
]
for (const address of forbidden) {
  test(`${address || 'nothing'} is no public address`, () => expect(isPublicAddress(address)).toBe(false))
}
for (const address of ['8.8.8.8', '193.2.1.66', '2606:4700::1111', '::ffff:8.8.8.8']) {
  test(`${address} is a public address`, () => expect(isPublicAddress(address)).toBe(true))
}

/** As a link may write them: the parser of addresses turns each into a literal that the resolver never sees. */
const literals = [
  'http://127.1/',
  'http://0x7f.1/',
  'http://2130706433/',
  'http://0177.0.0.1/',
  'http://127.0.0.1./',
  'http://１２７。0。0。1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://0/',
  'http://169.254.169.254/',
  'http://100.100.100.200/',
  'https://168.63.129.16/',
  'http://[fd00:ec2::254]/',
]
const neverAsked: Lookup = host => Promise.reject(new Error(`the resolver was asked for ${host}`))
for (const url of literals) {
  test(`${url} is refused without a look-up`, async () => {
    await expect(publicAddresses(webAddress(url).hostname, neverAsked)).rejects.toThrow(
      /leads to .*, which is not a public address/,
    )
  })
}

test('a public literal is taken as it is', async () => {
  expect(await publicAddresses('[2606:4700::1111]', neverAsked)).toEqual([
    { address: '2606:4700::1111', family: 6 },
  ])
})

const answers = (...addresses: string[]): Lookup => {
  return async () => addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
}

const resolved: readonly { name: string; lookup: Lookup; refused?: RegExp; failed?: RegExp }[] = [
  { name: 'one public address', lookup: answers('8.8.8.8') },
  {
    name: 'a public and a private one',
    lookup: answers('8.8.8.8', '10.0.0.1'),
    refused: /leads to 10\.0\.0\.1/,
  },
  { name: 'A public, AAAA private', lookup: answers('8.8.8.8', 'fd00::1'), refused: /leads to fd00::1/ },
  { name: 'a name for this machine', lookup: answers('127.0.0.1', '::1'), refused: /leads to 127/ },
  { name: 'no address', lookup: answers(), failed: /has no address/ },
  { name: '200 addresses', lookup: answers(...Array.from({ length: 200 }, (_, n) => `8.8.4.${n}`)) },
  { name: 'no answer', lookup: () => Promise.reject(new Error('queryA ETIMEOUT')), failed: /ETIMEOUT/ },
]
for (const { name, lookup, refused, failed } of resolved) {
  test(`a name with ${name}`, async () => {
    const asked = publicAddresses('glas.example', lookup)
    if (refused) await expect(asked).rejects.toThrow(refused)
    else if (failed) {
      await expect(asked).rejects.toThrow(failed)
      await expect(asked).rejects.not.toBeInstanceOf(Refused)
    } else expect(await asked).toEqual(await lookup('glas.example'))
  })
}

const refusedAddresses: readonly (readonly [string, RegExp])[] = [
  ['', /not a web address/],
  ['glas.example', /not a web address/],
  ['/relative', /not a web address/],
  ['file:///etc/passwd', /expected http or https, got file:/],
  ['javascript:alert(1)', /expected http or https, got javascript:/],
  ['gopher://glas.example/', /got gopher:/],
  ['http://user@glas.example/', /user name or password/],
  ['http://:secret@glas.example/', /user name or password/],
  ['http://glas.example:22/', /port 22 is not a web port/],
  ['https://glas.example:6379/', /port 6379/],
  ['http://glas.example:99999/', /not a web address/],
  [`http://glas.example/${'a'.repeat(2_048)}`, /longer than 2048/],
  [`http://glas.example/${'č'.repeat(500)}`, /longer than 2048/],
]
for (const [text, reason] of refusedAddresses) {
  test(`${text.slice(0, 40) || 'nothing'} is no address to fetch`, () => {
    expect(() => webAddress(text)).toThrow(reason)
    expect(() => webAddress(text)).toThrow(Refused)
  })
}

test('the password of an address is not repeated in the reason', () => {
  expect(() => webAddress('http://u:tajna@glas.example/')).toThrow(/^(?!.*tajna)/)
})

const accepted: readonly (readonly [string, string])[] = [
  ['http://Glas.Example/Vijest#dno', 'http://glas.example/Vijest'],
  ['https://glas.example:443/', 'https://glas.example/'],
  ['http://glas.example:443/', 'http://glas.example:443/'],
  ['https://глас.example/č', 'https://xn--80afyz.example/%C4%8D'],
]
for (const [text, expected] of accepted) {
  test(`${text} becomes ${expected}`, () => expect(webAddress(text).href).toBe(expected))
}

test('a relative address is read against the page it was on', () => {
  expect(webAddress('../b?c#d', new URL('https://glas.example/x/y/z')).href).toBe(
    'https://glas.example/x/b?c',
  )
})
