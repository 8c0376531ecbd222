import { answer } from "./answer.js";
import { graphql, type ResultOf, type VariablesOf } from "./graphql.js";

export const engagement = graphql(
  `
    query Engagement($id: ID!, $feature: FeatureSelectionInput) {
      retention(weeks: 4, feature: $feature) {
        ...Answer
        cohorts
        rates
      }
      lifecycle(preset: LAST_30_DAYS, interval: DAY) {
        series {
          dates
          new
          dormant
        }
      }
      stickiness(minActiveDays: 5) {
        stickiness
      }
      person(id: $id) {
        userId
        state
        byDay {
          dates
          hits
        }
      }
    }
  `,
  [answer],
);

export const variables: VariablesOf<typeof engagement> = {
  id: "ada",
  feature: { feature: "Deals" },
};

export function state(result: ResultOf<typeof engagement>): string {
  return result.person.state;
}
