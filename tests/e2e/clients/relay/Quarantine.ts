import { graphql } from "relay-runtime";

export const query = graphql`
  query QuarantineQuery($source: String, $reason: QuarantineReason) {
    ...Quarantine_rows @arguments(source: $source, reason: $reason)
  }
`;

export const rows = graphql`
  fragment Quarantine_rows on Query
  @refetchable(queryName: "QuarantineNextPageQuery")
  @argumentDefinitions(
    source: { type: "String" }
    reason: { type: "QuarantineReason" }
    first: { type: "Int", defaultValue: 50 }
    after: { type: "String" }
  ) {
    quarantine(source: $source, reason: $reason, first: $first, after: $after)
      @connection(key: "Quarantine_quarantine", filters: ["source", "reason"]) {
      edges {
        node {
          id
          source
          receivedAt
          index
          reason
          detail
          original
          originalEncoding
          originalBytes
        }
      }
      counts {
        reasons
        rows
        isComplete
      }
    }
  }
`;

export const replay = graphql`
  mutation QuarantineReplayMutation($source: String, $reason: QuarantineReason, $ids: [ID!]) {
    replayQuarantine(source: $source, reason: $reason, ids: $ids) {
      id
      state
      requestedBy
      requestedAt
      finishedAt
      stored
      remaining
    }
  }
`;
