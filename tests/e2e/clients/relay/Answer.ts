import { graphql } from "relay-runtime";

export const answer = graphql`
  fragment Answer_answer on Answer {
    asOf
    watermark
    isPartial
    finality
    definitionVersion
    timeZone
    proof {
      ...Answer_proof
    }
  }
`;

export const proof = graphql`
  fragment Answer_proof on Proof {
    definitionVersion
    from
    to
    rows
    duplicatesRemoved
    lateRows
    sources
    rowsBySource
    provisionalDays
    outdatedDays
    restatements
    noDataSources
  }
`;
