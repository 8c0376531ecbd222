import { answer } from "./answer.js";
import { graphql, type ResultOf, type VariablesOf } from "./graphql.js";

export const trends = graphql(
  `
    query Trends(
      $range: RangeInput
      $interval: Interval
      $groupBy: TrendsGroupBy
      $withSessions: Boolean! = true
    ) {
      trends(range: $range, interval: $interval, groupBy: $groupBy, includeToday: true) {
        ...Answer
        series {
          dates
          isPartial
          hits
          sessionMilliseconds @include(if: $withSessions)
        }
        totals {
          activeUsers
          records
        }
        groups {
          names
          series {
            hits
          }
        }
      }
    }
  `,
  [answer],
);

export const variables: VariablesOf<typeof trends> = { interval: "WEEK", groupBy: "COUNTRY" };

export function hitsByDate(result: ResultOf<typeof trends>): Map<string, number> {
  const { dates, hits } = result.trends.series;
  return new Map(dates.map((date, at) => [date, hits[at] ?? 0]));
}
