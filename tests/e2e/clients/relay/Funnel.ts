import { graphql } from "relay-runtime";

export const query = graphql`
  query FunnelQuery($steps: [FunnelStepInput!]!, $step: Int!, $range: RangeInput) {
    funnel(steps: $steps, range: $range, unit: RECORD, windowDays: 14, groupBy: TEAM) {
      ...Answer_answer
      unit
      steps {
        counts
        dropOffs
        medianMilliseconds
      }
      completionRate
      maturedRate
      bottleneckStep
      groups {
        names
        counts
      }
      units(step: $step, state: DROPPED, first: 10) {
        totalCount
        nodes {
          key
          name
          state
          started
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;
