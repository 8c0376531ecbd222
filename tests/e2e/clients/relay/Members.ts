import { graphql } from "relay-runtime";

export const query = graphql`
  query MembersQuery($figure: FigureInput!, $range: RangeInput, $filter: PeopleFilterInput) {
    ...Members_members @arguments(figure: $figure, range: $range, filter: $filter)
  }
`;

export const members = graphql`
  fragment Members_members on Query
  @refetchable(queryName: "MembersNextPageQuery")
  @argumentDefinitions(
    figure: { type: "FigureInput!" }
    range: { type: "RangeInput" }
    filter: { type: "PeopleFilterInput" }
    first: { type: "Int", defaultValue: 50 }
    after: { type: "String" }
  ) {
    members(figure: $figure, range: $range, filter: $filter, first: $first, after: $after)
      @connection(key: "Members_members", filters: ["figure", "range", "filter"]) {
      ...Answer_answer
      figure
      totalCount
      edges {
        node {
          ...Members_member
        }
      }
    }
  }
`;

export const member = graphql`
  fragment Members_member on Member {
    key
    name
    email
    value
  }
`;

export const behindAMeasure = graphql`
  query MembersOfHitsQuery($preset: Preset) {
    home(preset: $preset) {
      totalHits {
        value
        members(first: 10) {
          nodes {
            ...Members_member
          }
        }
        previousProof {
          ...Answer_proof
        }
      }
    }
  }
`;
