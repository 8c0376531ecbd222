import { graphql, type ResultOf } from "./graphql.js";

export const node = graphql(`
  query Node($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on SavedObject {
        owner
        mayChange
        version
      }
      ... on Segment {
        definition
      }
    }
  }
`);

export function definition(result: ResultOf<typeof node>): string | undefined {
  return result.node?.__typename === "Segment" ? result.node.definition : undefined;
}
