import { graphql } from "relay-runtime";

export const query = graphql`
  query FeaturesQuery($search: String) {
    ...Features_features @arguments(search: $search)
  }
`;

export const features = graphql`
  fragment Features_features on Query
  @refetchable(queryName: "FeaturesNextPageQuery")
  @argumentDefinitions(
    search: { type: "String" }
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
  ) {
    features(search: $search, category: MODULES, first: $first, after: $after)
      @connection(key: "Features_features", filters: ["search"]) {
      ...Answer_answer
      categories
      categoryNames
      edges {
        node {
          name
          category
          isUncatalogued
          properties
          attributes
          actions
          lastUsed
        }
      }
    }
  }
`;
