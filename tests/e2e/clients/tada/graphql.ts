import { initGraphQLTada } from "gql.tada";

import type { introspection } from "../artifacts/introspection.js";

export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: {
    Count: number;
    Date: string;
    DateTime: string;
    JsonText: string;
    Milliseconds: number;
  };
}>();

export { readFragment } from "gql.tada";
export type { FragmentOf, ResultOf, VariablesOf } from "gql.tada";
