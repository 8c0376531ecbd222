import { answer } from "./answer.js";
import { graphql, readFragment, type ResultOf, type VariablesOf } from "./graphql.js";

const member = graphql(`
  fragment Member on Member {
    key
    name
    email
    value
  }
`);

export const members = graphql(
  `
    query Members($figure: FigureInput!, $preset: Preset, $after: String) {
      members(figure: $figure, preset: $preset, after: $after) {
        ...Answer
        figure
        nodes {
          ...Member
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [answer, member],
);

export const variables: VariablesOf<typeof members> = {
  figure: { name: "FREQUENCY", selection: { feature: "Leads" }, hits: { from: 11, to: 100 } },
  preset: "LAST_30_DAYS",
};

export function names(result: ResultOf<typeof members>): string[] {
  return result.members.nodes.map((each) => {
    const { key, name } = readFragment(member, each);
    return name ?? key;
  });
}
