import { answer } from "./answer.js";
import {
  type FragmentOf,
  graphql,
  readFragment,
  type ResultOf,
  type VariablesOf,
} from "./graphql.js";

const person = graphql(`
  fragment Person on PersonMetrics {
    userId
    hits
    sessionMilliseconds
    lastSeen
    hasUsed
  }
`);

export const page = graphql(
  `
    query UserAnalytics(
      $filter: PeopleFilterInput
      $conditions: [ConditionInput!]
      $features: [FeatureSelectionInput!]
      $sort: PersonSort! = USER_ID
      $first: Int! = 50
      $after: String
    ) {
      userAnalytics(
        filter: $filter
        conditions: $conditions
        features: $features
        sort: $sort
        first: $first
        after: $after
      ) {
        ...Answer
        totalCount
        shareOfRoster
        edges {
          cursor
          node {
            ...Person
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [answer, person],
);

export const variables: VariablesOf<typeof page> = {
  conditions: [
    { metric: "SESSION_MINUTES", comparator: "GREATER_THAN", value: 300, sessionTime: "TOTAL" },
    { metric: "FEATURE_NOT_USED", feature: { feature: "Leads", property: "Views" } },
  ],
  features: [{ feature: "Deals" }],
  sort: "LAST_SEEN",
};

export function nextPage(result: ResultOf<typeof page>): VariablesOf<typeof page> | undefined {
  const { hasNextPage, endCursor } = result.userAnalytics.pageInfo;
  return hasNextPage ? { ...variables, after: endCursor } : undefined;
}

export function lastSeen(shown: FragmentOf<typeof person>): string | null {
  return readFragment(person, shown).lastSeen;
}
