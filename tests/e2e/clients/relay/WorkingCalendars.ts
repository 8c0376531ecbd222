import { graphql } from "relay-runtime";

export const query = graphql`
  query WorkingCalendarsQuery($range: RangeInput!, $country: String) {
    workingDays(range: $range, country: $country) {
      country
      isDefault
      dates
      isWorking
    }
    workingCalendars(first: 100) @connection(key: "WorkingCalendars_workingCalendars") {
      edges {
        node {
          ...WorkingCalendars_calendar
        }
      }
    }
  }
`;

export const calendar = graphql`
  fragment WorkingCalendars_calendar on WorkingCalendar
  @refetchable(queryName: "WorkingCalendarsOneQuery") {
    id
    country
    subdivision
    weekend
    holidayDates
    holidayNames
    workingDates
    version
  }
`;

export const set = graphql`
  mutation WorkingCalendarsSetMutation($input: WorkingCalendarInput!, $expectedVersion: Count) {
    setWorkingCalendar(input: $input, expectedVersion: $expectedVersion) {
      ...WorkingCalendars_calendar
    }
  }
`;

export const remove = graphql`
  mutation WorkingCalendarsDeleteMutation($id: ID!) {
    deleteWorkingCalendar(id: $id) @deleteRecord
  }
`;
