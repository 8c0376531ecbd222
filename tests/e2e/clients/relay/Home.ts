import { graphql } from "relay-runtime";

export const query = graphql`
  query HomeQuery($range: RangeInput, $filter: PeopleFilterInput, $top: Int = 5) {
    home(range: $range, filter: $filter, comparison: CALENDAR_MONTH, top: $top) {
      ...Answer_answer
      range {
        from
        to
      }
      totalHits {
        ...Home_measure
      }
      featuresUsed {
        ...Home_measure
      }
      attendance {
        value
        changePercent
        orgDays
        averagePerActiveUser
      }
      activeUsers {
        ...Home_measure
      }
      hitsByWeek {
        dates
        hits
        isPeak
        isPartial
        noData
      }
      attendanceByDay {
        dates
        activeUsers
        logins
        noData
      }
      topByHits {
        ...Home_rankedPerson
      }
      topByAttendance {
        ...Home_rankedPerson
      }
    }
  }
`;

export const measure = graphql`
  fragment Home_measure on Measure {
    value
    previous
    changePercent
    reason
    meanPerDay
    previousMeanPerDay
  }
`;

export const rankedPerson = graphql`
  fragment Home_rankedPerson on RankedPerson {
    rank
    userId
    name
    email
    value
    previous
  }
`;
