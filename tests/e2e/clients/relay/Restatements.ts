import { graphql } from "relay-runtime";

export const query = graphql`
  query RestatementsQuery($range: RangeInput) {
    ...Restatements_restatements @arguments(range: $range)
  }
`;

export const restatements = graphql`
  fragment Restatements_restatements on Query
  @refetchable(queryName: "RestatementsNextPageQuery")
  @argumentDefinitions(
    range: { type: "RangeInput" }
    first: { type: "Int", defaultValue: 50 }
    after: { type: "String" }
  ) {
    restatements(range: $range, first: $first, after: $after)
      @connection(key: "Restatements_restatements", filters: ["range"]) {
      edges {
        node {
          day
          measure
          before
          after
          when
          cause
        }
      }
    }
  }
`;
