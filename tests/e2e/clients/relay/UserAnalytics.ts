import { graphql } from "relay-runtime";

export const query = graphql`
  query UserAnalyticsQuery(
    $range: RangeInput
    $filter: PeopleFilterInput
    $conditions: [ConditionInput!]
    $features: [FeatureSelectionInput!]
    $sort: PersonSort = USER_ID
  ) {
    ...UserAnalytics_people
      @arguments(
        range: $range
        filter: $filter
        conditions: $conditions
        features: $features
        sort: $sort
      )
  }
`;

export const people = graphql`
  fragment UserAnalytics_people on Query
  @refetchable(queryName: "UserAnalyticsNextPageQuery")
  @argumentDefinitions(
    range: { type: "RangeInput" }
    filter: { type: "PeopleFilterInput" }
    conditions: { type: "[ConditionInput!]" }
    features: { type: "[FeatureSelectionInput!]" }
    sort: { type: "PersonSort", defaultValue: USER_ID }
    first: { type: "Int", defaultValue: 50 }
    after: { type: "String" }
  ) {
    userAnalytics(
      range: $range
      filter: $filter
      conditions: $conditions
      features: $features
      sort: $sort
      first: $first
      after: $after
    )
      @connection(
        key: "UserAnalytics_userAnalytics"
        filters: ["range", "filter", "conditions", "features", "sort"]
      ) {
      ...Answer_answer
      totalCount
      rosterSize
      shareOfRoster
      featureUsers
      featureShares
      edges {
        node {
          ...UserAnalytics_person
        }
      }
    }
  }
`;

export const person = graphql`
  fragment UserAnalytics_person on PersonMetrics {
    userId
    name
    email
    hits
    attendance
    attendanceChangePercent
    attendanceChangeReason
    sessions
    singleEventSessions
    sessionMilliseconds
    featuresUsed
    lastSeen
    lastLogin
    featureHits
    hasUsed
  }
`;
