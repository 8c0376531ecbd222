import { answer } from "./answer.js";
import { graphql, type ResultOf, type VariablesOf } from "./graphql.js";

export const funnel = graphql(
  `
    query Funnel($steps: [FunnelStepInput!]!, $preset: Preset) {
      funnel(steps: $steps, preset: $preset, order: LOOSE, noWindow: true) {
        ...Answer
        steps {
          counts
          shares
        }
        converted
        inProgress
        units(step: 1, furthest: true) {
          nodes {
            key
          }
        }
      }
    }
  `,
  [answer],
);

export const variables: VariablesOf<typeof funnel> = {
  steps: [{ feature: "Leads", property: "Records Added" }, { feature: "Deals" }],
  preset: "LAST_60_DAYS",
};

export function furthest(result: ResultOf<typeof funnel>): number | undefined {
  return result.funnel.steps.counts.at(-1);
}
