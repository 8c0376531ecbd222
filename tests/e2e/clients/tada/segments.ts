import { graphql, type VariablesOf } from "./graphql.js";

const segment = graphql(`
  fragment Segment on Segment {
    id
    mayChange
    version
    name
    definition
    sharedWith
  }
`);

export const segments = graphql(
  `
    query Segments($after: String) {
      segments(after: $after) {
        nodes {
          ...Segment
        }
      }
    }
  `,
  [segment],
);

export const create = graphql(
  `
    mutation CreateSegment($input: SegmentInput!) {
      createSegment(input: $input) {
        ...Segment
      }
    }
  `,
  [segment],
);

export const created: VariablesOf<typeof create> = {
  input: {
    name: "Germany",
    definition: { preset: "LAST_30_DAYS", filter: { country: ["DE"] } },
    sharedWith: ["MANAGER"],
  },
};

export const update = graphql(
  `
    mutation UpdateSegment($id: ID!, $expectedVersion: Count!, $input: SegmentInput!) {
      updateSegment(id: $id, expectedVersion: $expectedVersion, input: $input) {
        ...Segment
      }
    }
  `,
  [segment],
);

export const remove = graphql(`
  mutation DeleteSegment($id: ID!) {
    deleteSegment(id: $id)
  }
`);
