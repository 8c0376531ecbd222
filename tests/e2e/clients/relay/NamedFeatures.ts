import { graphql } from "relay-runtime";

export const name = graphql`
  mutation NamedFeaturesNameMutation(
    $name: String!
    $category: Category!
    $properties: [PropertyInput!]
  ) {
    nameFeature(name: $name, category: $category, properties: $properties) {
      name
      category
      properties
      attributes
    }
  }
`;

export const unname = graphql`
  mutation NamedFeaturesUnnameMutation($name: String!) {
    unnameFeature(name: $name)
  }
`;
