/** Prints the lines on which the tokenizers of training and of the product are compared: `node test/classify/model/write-lines.ts > lines.txt`. */
import { tokenizerLines } from './tokenizer-lines.ts'

process.stdout.write(`${tokenizerLines(10_000).join('\n')}\n`)
