import { graphql, type ResultOf, type VariablesOf } from "./graphql.js";

export const working = graphql(`
  query Working($range: RangeInput!, $country: String) {
    workingDays(range: $range, country: $country) {
      country
      isDefault
      dates
      isWorking
    }
    workingCalendars {
      nodes {
        id
        country
        weekend
        holidayDates
        holidayNames
        version
      }
    }
  }
`);

export function workingDays(result: ResultOf<typeof working>): string[] {
  const { dates, isWorking } = result.workingDays;
  return dates.filter((_, at) => isWorking[at]);
}

export const set = graphql(`
  mutation SetWorkingCalendar($input: WorkingCalendarInput!, $expectedVersion: Count) {
    setWorkingCalendar(input: $input, expectedVersion: $expectedVersion) {
      id
      version
    }
  }
`);

export const variables: VariablesOf<typeof set> = {
  input: {
    country: "DE",
    weekend: ["SATURDAY", "SUNDAY"],
    holidays: [{ day: "2026-12-24", name: "Christmas Eve" }],
  },
};

export const remove = graphql(`
  mutation DeleteWorkingCalendar($id: ID!) {
    deleteWorkingCalendar(id: $id)
  }
`);
