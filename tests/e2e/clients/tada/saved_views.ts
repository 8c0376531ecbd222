import { graphql, type VariablesOf } from "./graphql.js";

const savedView = graphql(`
  fragment SavedView on SavedView {
    id
    owner
    mayChange
    createdAt
    changedAt
    version
    name
    view
    arguments
    sharedWith
  }
`);

export const savedViews = graphql(
  `
    query SavedViews($view: ViewName, $after: String) {
      savedViews(view: $view, after: $after) {
        totalCount
        edges {
          cursor
          node {
            ...SavedView
          }
        }
      }
    }
  `,
  [savedView],
);

export const create = graphql(
  `
    mutation CreateSavedView($input: SavedViewInput!) {
      createSavedView(input: $input) {
        ...SavedView
      }
    }
  `,
  [savedView],
);

export const created: VariablesOf<typeof create> = {
  input: { name: "Last week", view: "HOME", arguments: '{"preset":"LAST_WEEK"}' },
};

export const update = graphql(
  `
    mutation UpdateSavedView($id: ID!, $expectedVersion: Count!, $input: SavedViewInput!) {
      updateSavedView(id: $id, expectedVersion: $expectedVersion, input: $input) {
        ...SavedView
      }
    }
  `,
  [savedView],
);

export const remove = graphql(`
  mutation DeleteSavedView($id: ID!) {
    deleteSavedView(id: $id)
  }
`);
