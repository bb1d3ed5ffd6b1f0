/** What the encoder reads for names of peoples in Bosnian, Croatian, Montenegrin and Serbian, folded. */
import type { Peoples } from '../../pack.ts'

export const PEOPLES: Peoples = {
  nouns: [
    [/ima$/, ['srbima', 'hrvatima', 'bugarima', 'grcima']],
    [/i$/, ['srbi', 'hrvati', 'bugari', 'grci']],
    [/e$/, ['srbe', 'hrvate', 'bugare', 'grke']],
    [/a$/, ['srba', 'hrvata', 'bugara', 'grka']],
    [/u$/, ['srbinu', 'hrvatu', 'bugarinu', 'grku']],
    [/\w{3}[oe]m$/, ['srbinom', 'hrvatom', 'bugarinom', 'grkom']],
    [/$/, ['srbin', 'hrvat', 'bugarin', 'grk']],
  ],
  adjectives: ['srpsk', 'hrvatsk', 'bugarsk', 'grck'],
  ending: folded => /(?:[sc]k|vn)(\w*)$/.exec(folded)?.[1] ?? 'i',
}
