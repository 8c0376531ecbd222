import { graphql, type ResultOf, type VariablesOf } from "./graphql.js";

export const quarantine = graphql(`
  query Quarantine($source: String, $reason: QuarantineReason, $after: String) {
    quarantine(source: $source, reason: $reason, first: 20, after: $after) {
      nodes {
        id
        receivedAt
        reason
        detail
        original
        originalEncoding
      }
      counts {
        reasons
        rows
        isComplete
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export function reasons(result: ResultOf<typeof quarantine>): string[] {
  return result.quarantine.nodes.map((row) => row.reason);
}

export const replay = graphql(`
  mutation ReplayQuarantine($source: String, $ids: [ID!]) {
    replayQuarantine(source: $source, ids: $ids) {
      id
      state
      stored
      remaining
    }
  }
`);

export const variables: VariablesOf<typeof replay> = { source: "src_1" };
