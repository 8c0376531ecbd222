import { graphql } from "relay-runtime";

export const query = graphql`
  query NodeQuery($id: ID!) {
    node(id: $id) {
      __typename
      id
      ...Node_savedObject @alias(as: "saved")
      ... on SavedView {
        name
      }
    }
  }
`;

export const savedObject = graphql`
  fragment Node_savedObject on SavedObject {
    id
    owner
    mayChange
    createdAt
    changedAt
    version
  }
`;
