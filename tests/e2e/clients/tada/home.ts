import { answer } from "./answer.js";
import { graphql, readFragment, type ResultOf, type VariablesOf } from "./graphql.js";

const measure = graphql(`
  fragment Measure on Measure {
    value
    previous
    changePercent
    reason
  }
`);

export const home = graphql(
  `
    query Home($range: RangeInput, $filter: PeopleFilterInput, $top: Int! = 5) {
      home(range: $range, filter: $filter, comparison: CALENDAR_MONTH, top: $top) {
        ...Answer
        range {
          from
          to
        }
        totalHits {
          ...Measure
        }
        attendance {
          value
          orgDays
          averagePerActiveUser
        }
        attendanceByDay {
          dates
          activeUsers
          noData
        }
        topByHits {
          rank
          userId
          name
          value
        }
      }
    }
  `,
  [answer, measure],
);

export const variables: VariablesOf<typeof home> = {
  range: { from: "2026-10-01", to: "2026-10-31" },
  filter: { language: ["de", "(not set)"], attributeValues: "CURRENT" },
};

export function changeOfHits(result: ResultOf<typeof home>): number | null {
  return readFragment(measure, result.home.totalHits).changePercent;
}

export function gaps(result: ResultOf<typeof home>): string[] {
  const { dates, noData } = result.home.attendanceByDay;
  return dates.filter((_, at) => noData[at]);
}

export function firstName(result: ResultOf<typeof home>): string | null | undefined {
  return result.home.topByHits[0]?.name;
}
