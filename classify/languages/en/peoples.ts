/** What the encoder reads for names of peoples in English. */
import type { Peoples } from '../../pack.ts'

export const PEOPLES: Peoples = {
  nouns: [
    [/[sai]$/, ['serbs', 'croats', 'bulgarians', 'greeks']],
    [/$/, ['serb', 'croat', 'bulgarian', 'greek']],
  ],
  // Of some peoples both are one word, so of all.
  adjectives: ['serb', 'croat', 'bulgarian', 'greek'],
  ending: () => '',
}
