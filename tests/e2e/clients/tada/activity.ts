import { answer } from "./answer.js";
import { graphql, type ResultOf, type VariablesOf } from "./graphql.js";

const activePerson = graphql(`
  fragment ActivePerson on ActivePerson {
    userId
    name
    hits
    lastSeen
  }
`);

export const activity = graphql(
  `
    query Activity($search: String! = "", $since: Date!, $of: FeatureSelectionInput) {
      activity(moduleOrder: MOST_HITS) {
        ...Answer
        modules {
          names
          hits
        }
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
          days
          texts
          meanBefore
          meanAfter
        }
        activePeople(search: $search, used: $of) {
          totalCount
          nodes {
            ...ActivePerson
          }
        }
        inactivePeople(search: $search) {
          totalCount
        }
        peopleWithoutHit(since: $since, of: $of) {
          edges {
            cursor
            node {
              ...ActivePerson
            }
          }
        }
      }
    }
  `,
  [answer, activePerson],
);

export const variables: VariablesOf<typeof activity> = {
  since: "2026-11-01",
  of: { feature: "Leads", property: "Views", attribute: "Kanban View" },
};

export function spikes(result: ResultOf<typeof activity>): string[] {
  const { dates, isSpike } = result.activity.timeline;
  return dates.filter((_, at) => isSpike[at]);
}
