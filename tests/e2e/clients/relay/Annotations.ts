import { graphql } from "relay-runtime";

export const query = graphql`
  query AnnotationsQuery($range: RangeInput) {
    ...Annotations_annotations @arguments(range: $range)
  }
`;

export const annotations = graphql`
  fragment Annotations_annotations on Query
  @refetchable(queryName: "AnnotationsNextPageQuery")
  @argumentDefinitions(
    range: { type: "RangeInput" }
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
  ) {
    annotations(range: $range, first: $first, after: $after)
      @connection(key: "Annotations_annotations", filters: ["range"]) {
      totalCount
      edges {
        node {
          ...Annotations_annotation
        }
      }
    }
  }
`;

export const annotation = graphql`
  fragment Annotations_annotation on Annotation @refetchable(queryName: "AnnotationsOneQuery") {
    ...Node_savedObject
    day
    text
    category
  }
`;

export const create = graphql`
  mutation AnnotationsCreateMutation($input: AnnotationInput!, $connections: [ID!]!) {
    createAnnotation(input: $input)
      @appendNode(connections: $connections, edgeTypeName: "AnnotationEdge") {
      ...Annotations_annotation
    }
  }
`;

export const update = graphql`
  mutation AnnotationsUpdateMutation($id: ID!, $expectedVersion: Count!, $input: AnnotationInput!) {
    updateAnnotation(id: $id, expectedVersion: $expectedVersion, input: $input) {
      ...Annotations_annotation
    }
  }
`;

export const remove = graphql`
  mutation AnnotationsDeleteMutation($id: ID!, $connections: [ID!]!) {
    deleteAnnotation(id: $id) @deleteRecord @deleteEdge(connections: $connections)
  }
`;
