import { graphql, type VariablesOf } from "./graphql.js";

const annotation = graphql(`
  fragment Annotation on Annotation {
    id
    version
    day
    text
    category
  }
`);

export const annotations = graphql(
  `
    query Annotations($range: RangeInput) {
      annotations(range: $range) {
        nodes {
          ...Annotation
        }
      }
    }
  `,
  [annotation],
);

export const create = graphql(
  `
    mutation CreateAnnotation($input: AnnotationInput!) {
      createAnnotation(input: $input) {
        ...Annotation
      }
    }
  `,
  [annotation],
);

export const created: VariablesOf<typeof create> = {
  input: { day: "2026-11-22", text: "New pipeline view", category: "release" },
};

export const update = graphql(
  `
    mutation UpdateAnnotation($id: ID!, $expectedVersion: Count!, $input: AnnotationInput!) {
      updateAnnotation(id: $id, expectedVersion: $expectedVersion, input: $input) {
        ...Annotation
      }
    }
  `,
  [annotation],
);

export const remove = graphql(`
  mutation DeleteAnnotation($id: ID!) {
    deleteAnnotation(id: $id)
  }
`);
