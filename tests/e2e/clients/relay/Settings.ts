import { graphql } from "relay-runtime";

export const query = graphql`
  query SettingsQuery {
    settings {
      ...Settings_settings
    }
  }
`;

export const settings = graphql`
  fragment Settings_settings on Settings {
    timeZone
    sessionTimeoutMinutes
    firstWeekday
    latenessDays
    bucketEdges
    version
    refold {
      timeZone
      sessionTimeoutMinutes
      state
      startedAt
      daysSplit
      daysToSplit
      daysToFold
    }
  }
`;

export const change = graphql`
  mutation SettingsChangeMutation($input: SettingsInput!, $expectedVersion: Count!) {
    changeSettings(input: $input, expectedVersion: $expectedVersion) {
      ...Settings_settings
    }
  }
`;
