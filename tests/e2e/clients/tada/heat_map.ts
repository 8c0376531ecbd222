import { answer } from "./answer.js";
import { graphql, type ResultOf } from "./graphql.js";

export const heatMap = graphql(
  `
    query HeatMap($filter: PeopleFilterInput) {
      heatMap(filter: $filter) {
        ...Answer
        firstWeekday
        hits
        peakHours
        zones {
          names
          hits
          peakHours
        }
        unknownZoneNames
      }
    }
  `,
  [answer],
);

export function peaksOf(result: ResultOf<typeof heatMap>, zone: string): number[] {
  const { names, peakHours } = result.heatMap.zones;
  return peakHours[names.indexOf(zone)] ?? [];
}
