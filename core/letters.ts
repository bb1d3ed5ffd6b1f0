/** Tables of the normaliser: how letters of our languages are written in plain Latin, and which letters look alike. */

/** Lower-case letters that do not simply lose a mark: their plain Latin form. Cyrillic after reference orthographies. */
export const PLAIN: Readonly<Record<string, string>> = {
  // Serbian, Montenegrin and Macedonian Cyrillic. џ is dz because dž loses its caron in Latin.
  ...{
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    д: 'd',
    ђ: 'dj',
    е: 'e',
    ж: 'z',
    з: 'z',
    и: 'i',
    ј: 'j',
    к: 'k',
    л: 'l',
  },
  ...{
    љ: 'lj',
    м: 'm',
    н: 'n',
    њ: 'nj',
    о: 'o',
    п: 'p',
    р: 'r',
    с: 's',
    т: 't',
    ћ: 'c',
    у: 'u',
    ф: 'f',
    х: 'h',
  },
  ...{ ц: 'c', ч: 'c', џ: 'dz', ш: 's', ѓ: 'gj', ќ: 'kj', ѕ: 'dz' },
  // Other Cyrillic, so that no folded word holds two scripts.
  ...{ й: 'j', щ: 'st', ъ: 'a', ы: 'i', ь: 'j', э: 'e', ю: 'ju', я: 'ja', є: 'je', і: 'i', ї: 'ji', ґ: 'g' },
  // Macedonian in Latin: the same as ѓ and ќ.
  ...{ ǵ: 'gj', ḱ: 'kj' },
  // Latin letters without a decomposition. ð is what some keyboards and encodings give for đ.
  ...{
    đ: 'dj',
    ð: 'dj',
    ɖ: 'dj',
    ł: 'l',
    ø: 'o',
    ß: 'ss',
    æ: 'ae',
    œ: 'oe',
    þ: 'th',
    ı: 'i',
    ħ: 'h',
    ŧ: 't',
  },
  // Phonetic letters and small capitals, as "fancy text" generators write them.
  ...{
    ɑ: 'a',
    ɡ: 'g',
    ɪ: 'i',
    ᴀ: 'a',
    ʙ: 'b',
    ᴄ: 'c',
    ᴅ: 'd',
    ᴇ: 'e',
    ꜰ: 'f',
    ɢ: 'g',
    ʜ: 'h',
    ᴊ: 'j',
    ᴋ: 'k',
  },
  ...{
    ʟ: 'l',
    ᴍ: 'm',
    ɴ: 'n',
    ᴏ: 'o',
    ᴘ: 'p',
    ʀ: 'r',
    ꜱ: 's',
    ᴛ: 't',
    ᴜ: 'u',
    ᴠ: 'v',
    ᴡ: 'w',
    ʏ: 'y',
    ᴢ: 'z',
  },
  // One letter at the end of a Greek word, another within.
  ς: 'σ',
}

/** In a Latin word: letters of other scripts that look Latin. Case matters: В looks like B, в does not look like b. */
export const LATIN_LOOKALIKES: Readonly<Record<string, string>> = {
  ...{ а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', х: 'x', у: 'y', ј: 'j', ѕ: 's', і: 'i' },
  ...{ А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O', Р: 'P', С: 'C', Т: 'T', У: 'Y', Х: 'X' },
  ...{ Ј: 'J', Ѕ: 'S', І: 'I' },
  ...{ α: 'a', ε: 'e', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x' },
  ...{ Α: 'A', Β: 'B', Ε: 'E', Ζ: 'Z', Η: 'H', Ι: 'I', Κ: 'K', Μ: 'M', Ν: 'N', Ο: 'O', Ρ: 'P', Τ: 'T' },
  ...{ Υ: 'Y', Χ: 'X' },
}

/** In a Cyrillic word: letters of other scripts that look Cyrillic. Greek has the same keys as above. */
export const CYRILLIC_LOOKALIKES: Readonly<Record<string, string>> = {
  ...{ a: 'а', e: 'е', o: 'о', p: 'р', c: 'с', x: 'х', y: 'у', j: 'ј', i: 'і' },
  // Macedonians type the accented letters of сѐ, нѐ and ѝ in Latin, because their keyboards have no others.
  ...{ è: 'ѐ', È: 'Ѐ', ì: 'ѝ', Ì: 'Ѝ' },
  ...{ A: 'А', B: 'В', E: 'Е', K: 'К', M: 'М', H: 'Н', O: 'О', P: 'Р', C: 'С', T: 'Т', Y: 'У', X: 'Х' },
  ...{ J: 'Ј', S: 'Ѕ', I: 'І' },
  ...{ α: 'а', ε: 'е', ι: 'і', κ: 'к', ν: 'в', ο: 'о', ρ: 'р', τ: 'т', υ: 'у', χ: 'х' },
  ...{ Α: 'А', Β: 'В', Ε: 'Е', Ζ: 'З', Η: 'Н', Ι: 'І', Κ: 'К', Μ: 'М', Ν: 'Н', Ο: 'О', Ρ: 'Р', Τ: 'Т' },
  ...{ Υ: 'У', Χ: 'Х' },
}

/** Cyrillic of our languages in Latin with its diacritics, as its readers would write it. */
export const LATIN: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    д: 'd',
    ђ: 'đ',
    е: 'e',
    ж: 'ž',
    з: 'z',
    и: 'i',
    ј: 'j',
    к: 'k',
    л: 'l',
  },
  ...{
    љ: 'lj',
    м: 'm',
    н: 'n',
    њ: 'nj',
    о: 'o',
    п: 'p',
    р: 'r',
    с: 's',
    т: 't',
    ћ: 'ć',
    у: 'u',
    ф: 'f',
    х: 'h',
  },
  ...{ ц: 'c', ч: 'č', џ: 'dž', ш: 'š', ѓ: 'ǵ', ќ: 'ḱ', ѕ: 'dz', ѐ: 'e', ѝ: 'i' },
}
