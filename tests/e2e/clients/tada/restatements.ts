import { graphql, type ResultOf, type VariablesOf } from "./graphql.js";

export const restatements = graphql(`
  query Restatements($range: RangeInput, $after: String) {
    restatements(range: $range, after: $after) {
      nodes {
        day
        measure
        before
        after
        when
        cause
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const variables: VariablesOf<typeof restatements> = {
  range: { from: "2026-10-01", to: "2026-10-31" },
};

export function lateDays(result: ResultOf<typeof restatements>): string[] {
  return result.restatements.nodes.filter((each) => each.cause === "LATE").map(({ day }) => day);
}
