import { answer } from "./answer.js";
import { graphql, type ResultOf, type VariablesOf } from "./graphql.js";

export const hub = graphql(
  `
    query Hub($filter: PeopleFilterInput, $selection: FeatureSelectionInput, $edges: [Int!]) {
      hub(filter: $filter) {
        popularity(by: PROPERTY, selection: $selection, top: 10) {
          ...Answer
          names
          people
          shares
        }
        frequency(selection: $selection, edges: $edges) {
          ...Answer
          fromHits
          toHits
          counts
        }
      }
    }
  `,
  [answer],
);

export const variables: VariablesOf<typeof hub> = {
  selection: { category: "MODULES", action: "created" },
  edges: [10, 100, 1000],
};

export function buckets(result: ResultOf<typeof hub>): [number, number | null, number][] {
  const { fromHits, toHits, counts } = result.hub.frequency;
  return fromHits.map((from, at) => [from, toHits[at] ?? null, counts[at] ?? 0]);
}
