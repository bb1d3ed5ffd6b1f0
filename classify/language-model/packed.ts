/** Weights side by side in one number, so that one load brings four of them and one addition adds up four. */
import type { Layer } from './model.ts'

/** A weight of the family layer stays within this: four of them, made positive, are still a byte. */
export const FAMILY_MOST = 31
export const VARIETY_MOST = 127
/** Added to each weight, so that none is negative and no carry reaches its neighbour. */
export const FAMILY_OFFSET = FAMILY_MOST + 1
export const VARIETY_OFFSET = VARIETY_MOST + 1
/** Weights of the family layer that half a number holds at most: 1,040 times 63 is less than 65,536. */
export const MAX_ADDED = 1_040
/** Every second byte of four. */
export const HALVES = 0x00ff00ff

/** Four classes to a number, the first in its lowest byte; by bucket. */
export function inFours({ weights }: Layer): Int32Array {
  const fours = new Int32Array(weights.length / 4)
  for (let at = 0; at < weights.length; at++)
    fours[at >> 2]! |= (weights[at]! + FAMILY_OFFSET) << ((at & 3) * 8)
  return fours
}

/** Two classes to a number; by bucket. */
export function inTwos({ weights }: Layer): Uint16Array {
  const twos = new Uint16Array(weights.length / 2)
  for (let at = 0; at < weights.length; at++)
    twos[at >> 1]! |= (weights[at]! + VARIETY_OFFSET) << ((at & 1) * 8)
  return twos
}
