/** How the members of the group of a seat share it out: who has it keeps it. */
import type { AssignerProtocol, PartitionAssigner } from 'kafkajs'

/**
 * Gives the seat to the member that says it has it, else to the first by name. kafkajs's own might pass it on with every
 * join.
 */
export function seatAssigner(
  { MemberMetadata, MemberAssignment }: typeof AssignerProtocol,
  holds: () => boolean,
): ReturnType<PartitionAssigner> {
  const [name, version] = ['OpomenaSeat', 0]
  return {
    name,
    version,
    protocol: ({ topics }) => ({
      name,
      metadata: MemberMetadata.encode({ version, topics, userData: Buffer.from([Number(holds())]) }),
    }),
    async assign({ members, topics }) {
      const inOrder = members.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1))
      const holder =
        inOrder.find(one => MemberMetadata.decode(one.memberMetadata)?.userData[0] === 1) ?? inOrder[0]
      return inOrder.map(one => ({
        memberId: one.memberId,
        memberAssignment: MemberAssignment.encode({
          version,
          assignment: one === holder ? Object.fromEntries(topics.map(topic => [topic, [0]])) : {},
          userData: Buffer.alloc(0),
        }),
      }))
    },
  }
}
