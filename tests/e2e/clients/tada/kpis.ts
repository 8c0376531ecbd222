import { graphql, type ResultOf, type VariablesOf } from "./graphql.js";

export const kpi = graphql(`
  query Kpi($key: KpiKey!, $period: KpiPeriodInput, $groupBy: KpiDimension) {
    kpi(key: $key, period: $period, groupBy: $groupBy) {
      value
      reason
      groups {
        keys
        values
      }
    }
  }
`);

export const dashboard = graphql(`
  query Dashboard($preset: KpiPreset) {
    kpis(preset: $preset) {
      metric {
        key
        name
      }
      value
      changePercent
      flags
    }
  }
`);

export const catalogue = graphql(`
  query Catalogue($kind: MetricKind) {
    metricCatalogue(kind: $kind) {
      key
      formula
      objective
      decision
      vanity
    }
  }
`);

export const trial = graphql(`
  query Trial($key: KpiKey!, $draft: [MetricDraftInput!]!) {
    metricTrial(key: $key, draft: $draft) {
      months
      values
      draftValues
    }
  }
`);

export const members = graphql(`
  query KpiMembers($key: KpiKey!, $after: String) {
    kpiMembers(key: $key, after: $after) {
      totalCount
      nodes {
        key
        name
        numerator
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const variables: VariablesOf<typeof kpi> = {
  key: "WIN_RATE",
  period: { range: { from: "2026-10-01", to: "2026-10-31" } },
  groupBy: "SOURCE",
};

export function bestGroup(result: ResultOf<typeof kpi>): string | undefined {
  const { keys, values } = result.kpi.groups ?? { keys: [], values: [] };
  return keys.reduce<string | undefined>(
    (best, key, at) =>
      best === undefined || (values[at] ?? 0) > (values[keys.indexOf(best)] ?? 0) ? key : best,
    undefined,
  );
}
