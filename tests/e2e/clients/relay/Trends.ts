import { graphql } from "relay-runtime";

export const query = graphql`
  query TrendsQuery(
    $range: RangeInput
    $interval: Interval = DAY
    $filter: PeopleFilterInput
    $withSessions: Boolean = true
  ) {
    trends(range: $range, interval: $interval, filter: $filter, includeToday: true) {
      ...Answer_answer
      isBackfilled
      series {
        dates
        isPartial
        hits
        activeUsers
        logins
        records
        sessions @include(if: $withSessions)
        sessionMilliseconds @include(if: $withSessions)
      }
    }
  }
`;

export const compared = graphql`
  query TrendsComparedQuery($selection: FeatureSelectionInput!, $groupBy: TrendsGroupBy!) {
    trends(
      preset: LAST_90_DAYS
      interval: WEEK
      comparison: PREVIOUS_PERIOD
      selection: $selection
      groupBy: $groupBy
    ) {
      ...Answer_answer
      comparedRange {
        from
        to
      }
      comparedSeries {
        dates
        hits
      }
      totals {
        hits
        activeUsers
        records
      }
      changes {
        hits {
          changePercent
          reason
        }
      }
      groups {
        names
        hasOthers
        overlaps
        series {
          hits
        }
        totals {
          hits
        }
      }
    }
  }
`;
