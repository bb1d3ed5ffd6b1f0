/** Parts that are held open: closed when the work is over, the last one first, also when it failed. */

export type Hold = <T extends { close(): unknown }>(part: T) => T

export async function closing<T>(work: (hold: Hold) => Promise<T>): Promise<T> {
  const held: { close(): unknown }[] = []
  try {
    return await work(part => {
      held.push(part)
      return part
    })
  } finally {
    for (const part of held.reverse()) await part.close()
  }
}
