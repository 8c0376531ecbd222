import { graphql, type ResultOf, type VariablesOf } from "./graphql.js";

export const settings = graphql(`
  query Settings {
    settings {
      timeZone
      firstWeekday
      bucketEdges
      version
      refold {
        state
        daysSplit
        daysToSplit
        daysToFold
      }
    }
  }
`);

export function isBeingFolded(result: ResultOf<typeof settings>): boolean {
  return result.settings.refold?.state === "FOLDING";
}

export const change = graphql(`
  mutation ChangeSettings($input: SettingsInput!, $expectedVersion: Count!) {
    changeSettings(input: $input, expectedVersion: $expectedVersion) {
      version
    }
  }
`);

export const variables: VariablesOf<typeof change> = {
  input: { timeZone: "Asia/Tokyo", firstWeekday: "SUNDAY", bucketEdges: [5, 50] },
  expectedVersion: 3,
};
