import { graphql } from "relay-runtime";

export const query = graphql`
  query HubQuery(
    $range: RangeInput
    $selection: FeatureSelectionInput
    $groupBy: PeopleAttribute
    $edges: [Int!]
  ) {
    hub(range: $range) {
      popularity(by: FEATURE, selection: $selection, groupBy: $groupBy, includeUnused: true) {
        ...Hub_popularity
      }
      frequency(selection: $selection, unit: PAIRS, edges: $edges, includeZero: true) {
        ...Hub_frequency
      }
    }
  }
`;

export const popularity = graphql`
  fragment Hub_popularity on Popularity {
    ...Answer_answer
    activeUsers
    rowCount
    names
    categories
    ranks
    people
    shares
    changePercents
    changeReasons
    groups {
      names
      overlaps
      people
    }
  }
`;

export const frequency = graphql`
  fragment Hub_frequency on Frequency {
    ...Answer_answer
    fromHits
    toHits
    counts
    total
    byFeature {
      features
      counts
    }
    members(bucket: 0, first: 5) {
      ...Answer_answer
      totalCount
    }
  }
`;
