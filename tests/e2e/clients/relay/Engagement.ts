import { graphql } from "relay-runtime";

export const query = graphql`
  query EngagementQuery($filter: PeopleFilterInput, $feature: FeatureSelectionInput) {
    retention(filter: $filter, weeks: 8, feature: $feature, returning: USED) {
      ...Answer_answer
      cohorts
      sizes
      returned
      rates
    }
    lifecycle(preset: LAST_90_DAYS, interval: WEEK, filter: $filter) {
      series {
        dates
        new
        returning
        resurrected
        dormant
      }
    }
    stickiness(preset: LAST_30_DAYS, minActiveDays: 12) {
      stickiness
      consistentUsers
      byDay {
        dates
        dailyActive
        monthlyActive
      }
    }
  }
`;

export const person = graphql`
  query EngagementPersonQuery($id: ID!) {
    person(id: $id, preset: LAST_30_DAYS) {
      ...Answer_answer
      userId
      name
      state
      firstActive
      hits {
        value
        changePercent
      }
    }
  }
`;
