import { graphql } from "relay-runtime";

export const query = graphql`
  query SavedViewsQuery($view: ViewName) {
    ...SavedViews_savedViews @arguments(view: $view)
  }
`;

export const savedViews = graphql`
  fragment SavedViews_savedViews on Query
  @refetchable(queryName: "SavedViewsNextPageQuery")
  @argumentDefinitions(
    view: { type: "ViewName" }
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
  ) {
    savedViews(view: $view, first: $first, after: $after)
      @connection(key: "SavedViews_savedViews", filters: ["view"]) {
      totalCount
      edges {
        node {
          ...SavedViews_savedView
        }
      }
    }
  }
`;

export const savedView = graphql`
  fragment SavedViews_savedView on SavedView @refetchable(queryName: "SavedViewsOneQuery") {
    ...Node_savedObject
    name
    view
    arguments
    sharedWith
  }
`;

export const create = graphql`
  mutation SavedViewsCreateMutation($input: SavedViewInput!, $connections: [ID!]!) {
    createSavedView(input: $input)
      @appendNode(connections: $connections, edgeTypeName: "SavedViewEdge") {
      ...SavedViews_savedView
    }
  }
`;

export const update = graphql`
  mutation SavedViewsUpdateMutation($id: ID!, $expectedVersion: Count!, $input: SavedViewInput!) {
    updateSavedView(id: $id, expectedVersion: $expectedVersion, input: $input) {
      ...SavedViews_savedView
    }
  }
`;

export const remove = graphql`
  mutation SavedViewsDeleteMutation($id: ID!, $connections: [ID!]!) {
    deleteSavedView(id: $id) @deleteRecord @deleteEdge(connections: $connections)
  }
`;
