import { answer } from "./answer.js";
import { graphql, type ResultOf } from "./graphql.js";

export const features = graphql(
  `
    query Features($search: String, $category: Category, $after: String) {
      features(search: $search, category: $category, first: 20, after: $after) {
        ...Answer
        categories
        categoryNames
        nodes {
          name
          category
          isUncatalogued
          properties
          attributes
          actions
          lastUsed
        }
        pageInfo {
          endCursor
        }
      }
    }
  `,
  [answer],
);

export function attributesOf(result: ResultOf<typeof features>, property: string): string[] {
  const found = result.features.nodes.find(({ properties }) => properties.includes(property));
  return found?.attributes[found.properties.indexOf(property)] ?? [];
}
