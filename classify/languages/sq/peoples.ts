/** What the encoder reads for names of peoples in Albanian, folded. */
import type { Peoples } from '../../pack.ts'

export const PEOPLES: Peoples = {
  nouns: [
    [/et$/, ['serbet', 'kroatet', 'bullgaret', 'greket']],
    [/ve$/, ['serbeve', 'kroateve', 'bullgareve', 'grekeve']],
    [/n$/, ['serbin', 'kroatin', 'bullgarin', 'grekun']],
    [/t$/, ['serbit', 'kroatit', 'bullgarit', 'grekut']],
    [/[iu]$/, ['serbi', 'kroati', 'bullgari', 'greku']],
    [/[ea]$/, ['serbe', 'kroate', 'bullgare', 'greke']],
    [/$/, ['serb', 'kroat', 'bullgar', 'grek']],
  ],
  // They are the nouns.
  adjectives: [],
  ending: () => '',
}
