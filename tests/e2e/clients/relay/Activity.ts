import { graphql } from "relay-runtime";

export const query = graphql`
  query ActivityQuery($range: RangeInput, $selection: FeatureSelectionInput) {
    activity(range: $range, selection: $selection, moduleOrder: NAME_REVERSED) {
      ...Answer_answer
      totalHits {
        ...Home_measure
      }
      inactiveUsers {
        ...Home_measure
      }
      modules {
        names
        hits
      }
      ...Activity_timeline
    }
  }
`;

export const peopleQuery = graphql`
  query ActivityPeopleQuery($range: RangeInput, $used: FeatureSelectionInput) {
    ...Activity_people @arguments(range: $range, used: $used)
  }
`;

export const timeline = graphql`
  fragment Activity_timeline on Activity {
    timeline {
      dates
      hits
      expected
      low
      high
      isSpike
      quietFrom
      quietTo
    }
    annotations {
      ids
      days
      texts
      categories
      meanBefore
      meanAfter
    }
  }
`;

export const people = graphql`
  fragment Activity_people on Query
  @refetchable(queryName: "ActivityNextPageQuery")
  @argumentDefinitions(
    range: { type: "RangeInput" }
    search: { type: "String", defaultValue: "" }
    used: { type: "FeatureSelectionInput" }
    first: { type: "Int", defaultValue: 50 }
    after: { type: "String" }
  ) {
    activity(range: $range) {
      activePeople(search: $search, used: $used, first: $first, after: $after)
        @connection(key: "Activity_activePeople", filters: ["search", "used"]) {
        totalCount
        edges {
          node {
            ...Activity_person
          }
        }
      }
      inactivePeople(search: $search) {
        nodes {
          ...Activity_person
        }
      }
    }
  }
`;

export const person = graphql`
  fragment Activity_person on ActivePerson {
    userId
    name
    email
    hits
    attendance
    lastSeen
  }
`;

export const withoutHit = graphql`
  query ActivityWithoutHitQuery($since: Date!, $feature: String!) {
    activity {
      peopleWithoutHit(since: $since, of: { feature: $feature }) {
        totalCount
        nodes {
          ...Activity_person
        }
      }
    }
  }
`;
