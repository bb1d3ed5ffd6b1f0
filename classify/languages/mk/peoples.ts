/** What the encoder reads for names of peoples in Macedonian. */
import type { Peoples } from '../../pack.ts'

const ENDINGS: Readonly<Record<string, string>> = {
  ...{ i: 'и', a: 'а', o: 'о', ite: 'ите', ata: 'ата', oto: 'ото', iot: 'иот' },
}

export const PEOPLES: Peoples = {
  nouns: [
    [/ite$/, ['србите', 'хрватите', 'бугарите', 'грците']],
    [/i$/, ['срби', 'хрвати', 'бугари', 'грци']],
    [/ot$/, ['србинот', 'хрватот', 'бугаринот', 'гркот']],
    [/ka$/, ['србинка', 'хрватка', 'бугарка', 'гркинка']],
    [/kata$/, ['србинката', 'хрватката', 'бугарката', 'гркинката']],
    [/$/, ['србин', 'хрват', 'бугарин', 'грк']],
  ],
  adjectives: ['српск', 'хрватск', 'бугарск', 'грчк'],
  ending: folded => ENDINGS[/[sc]h?k(\w*)$/.exec(folded)?.[1] ?? 'i'] ?? 'и',
}
