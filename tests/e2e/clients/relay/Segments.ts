import { graphql } from "relay-runtime";

export const query = graphql`
  query SegmentsQuery {
    ...Segments_segments
  }
`;

export const segments = graphql`
  fragment Segments_segments on Query
  @refetchable(queryName: "SegmentsNextPageQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
  ) {
    segments(first: $first, after: $after)
      @connection(key: "Segments_segments", filters: []) {
      totalCount
      edges {
        node {
          ...Segments_segment
        }
      }
    }
  }
`;

export const segment = graphql`
  fragment Segments_segment on Segment @refetchable(queryName: "SegmentsOneQuery") {
    ...Node_savedObject
    name
    definition
    sharedWith
  }
`;

export const create = graphql`
  mutation SegmentsCreateMutation($input: SegmentInput!, $connections: [ID!]!) {
    createSegment(input: $input)
      @appendNode(connections: $connections, edgeTypeName: "SegmentEdge") {
      ...Segments_segment
    }
  }
`;

export const update = graphql`
  mutation SegmentsUpdateMutation($id: ID!, $expectedVersion: Count!, $input: SegmentInput!) {
    updateSegment(id: $id, expectedVersion: $expectedVersion, input: $input) {
      ...Segments_segment
    }
  }
`;

export const remove = graphql`
  mutation SegmentsDeleteMutation($id: ID!, $connections: [ID!]!) {
    deleteSegment(id: $id) @deleteRecord @deleteEdge(connections: $connections)
  }
`;
