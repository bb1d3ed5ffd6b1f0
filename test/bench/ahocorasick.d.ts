/** Types of a package that brings none. */
declare module 'ahocorasick' {
  export default class AhoCorasick {
    constructor(keywords: string[])
    /** For each place where something ends: its index and what ends there. */
    search(text: string): [index: number, found: string[]][]
  }
}
