/**
 * Reads the n-gram tables of lingua: finite-state transducers from strings to 64-bit numbers in the format of the Rust
 * crate fst, version 3. A node is written backwards from its address: state, sizes, inputs, addresses, outputs.
 */
import { ConfigError } from '../../core/errors.ts'

const VERSION = 3n
const FOOTER = 20
/** Bytes that a state byte itself may hold as its only input, by number from 1. */
const COMMON =
  't e / o a s r i p c n w . h l m - d u 0 1 2 g = : b f 3 y 5 & _ 4 v 9 6 7 8 k % ? x C D A S F I B E j P T z R N M + L O q H G'.split(
    ' ',
  )
/** Nodes with more transitions have a table of 256 bytes to find them. */
const INDEXED = 32

interface Transition {
  readonly input: number
  readonly output: bigint
  readonly target: number
}

/** Calls `found` with each key and number of the table. @throws ConfigError when it is no such table. */
export function readFst(file: Buffer, found: (key: string, value: bigint) => void): void {
  if (file.length < 16 + FOOTER || file.readBigUInt64LE(0) !== VERSION) {
    throw new ConfigError('expected a table of the Rust crate fst, version 3; take lingua 1.3.0')
  }
  const root = Number(file.readBigUInt64LE(file.length - FOOTER + 8))
  const key: number[] = []
  const visit = (address: number, sum: bigint): void => {
    const { final, transitions } = nodeAt(file, address)
    if (final !== undefined) found(Buffer.from(key).toString('utf8'), sum + final)
    for (const { input, output, target } of transitions) {
      key.push(input)
      visit(target, sum + output)
      key.pop()
    }
  }
  visit(root, 0n)
}

/** A node, with what is added where a key ends in it; undefined where none does. */
function nodeAt(file: Buffer, address: number): { final: bigint | undefined; transitions: Transition[] } {
  if (address === 0) return { final: 0n, transitions: [] }
  const state = file[address]!
  if (state >> 7 === 1) return { final: undefined, transitions: [onlyTransition(file, address, state)] }
  let at = address
  let count = state & 0x3f
  if (count === 0) count = file[--at]! === 1 ? 256 : file[at]!
  const sizes = file[--at]!
  const [targetSize, outputSize] = [sizes >> 4, sizes & 0xf]
  const inputs = at - (count > INDEXED ? 256 : 0)
  const targets = inputs - count
  const outputs = targets - count * targetSize
  const isFinal = (state & 0x40) !== 0
  const end = outputs - (count + (isFinal ? 1 : 0)) * outputSize
  const transitions = Array.from({ length: count }, (_, number) => ({
    input: file[inputs - number - 1]!,
    output: uint(file, outputs - (number + 1) * outputSize, outputSize),
    target: targetOf(end, uint(file, targets - (number + 1) * targetSize, targetSize)),
  }))
  return { final: isFinal ? uint(file, end, outputSize) : undefined, transitions }
}

/** Of a node with one transition and no key's end. */
function onlyTransition(file: Buffer, address: number, state: number): Transition {
  const common = state & 0x3f
  const at = common === 0 ? address - 1 : address
  const input = common === 0 ? file[at]! : COMMON[common - 1]!.charCodeAt(0)
  // The next node stands right before this one.
  if ((state & 0x40) !== 0) return { input, output: 0n, target: at - 1 }
  const sizes = file[at - 1]!
  const target = at - 1 - (sizes >> 4)
  const end = target - (sizes & 0xf)
  return {
    input,
    output: uint(file, end, sizes & 0xf),
    target: targetOf(end, uint(file, target, sizes >> 4)),
  }
}

function targetOf(end: number, delta: bigint): number {
  return delta === 0n ? 0 : end - Number(delta)
}

function uint(file: Buffer, at: number, size: number): bigint {
  let value = 0n
  for (let byte = size - 1; byte >= 0; byte--) value = (value << 8n) | BigInt(file[at + byte]!)
  return value
}
