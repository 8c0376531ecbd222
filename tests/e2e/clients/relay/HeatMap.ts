import { graphql } from "relay-runtime";

export const query = graphql`
  query HeatMapQuery($range: RangeInput, $filter: PeopleFilterInput) {
    heatMap(range: $range, filter: $filter) {
      ...Answer_answer
      range {
        from
        to
      }
      firstWeekday
      hits
      activeUsers
      peakHours
      zones {
        names
        people
        hits
        peakHours
      }
      withoutZone
      unknownZones
      unknownZoneNames
    }
  }
`;
