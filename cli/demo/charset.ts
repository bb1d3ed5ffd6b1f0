/** Writes text in the single-byte character sets that older outlets still use. */

export type Charset = 'utf-8' | 'windows-1250' | 'windows-1251'

/** Letters that the set does not have become character references, as XML and HTML allow. */
export function encodeText(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text)
  const bytes = bytesOf(charset)
  return Buffer.concat(
    Array.from(text, char => {
      const byte = bytes.get(char)
      return byte === undefined ? Buffer.from(`&#${char.codePointAt(0)!};`) : Buffer.of(byte)
    }),
  )
}

function bytesOf(charset: Charset): Map<string, number> {
  const decoder = new TextDecoder(charset)
  return new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Buffer.of(byte)), byte]))
}
