import { graphql, type VariablesOf } from "./graphql.js";

export const name = graphql(`
  mutation NameFeature($name: String!, $category: Category!, $properties: [PropertyInput!]) {
    nameFeature(name: $name, category: $category, properties: $properties) {
      category
    }
  }
`);

export const variables: VariablesOf<typeof name> = {
  name: "Rockets",
  category: "MODULES",
  properties: [{ name: "Launches", attributes: ["Manned"] }],
};

export const unname = graphql(`
  mutation UnnameFeature($name: String!) {
    unnameFeature(name: $name)
  }
`);
